"""A client of trainyard in Python; wants `pip install nats-py`, and msgpack for `leave --msgpack`.

client.py leave ID DIR [--root ROOT]   leave a job, whether or not a coordinator runs now
client.py submit DIR [--root ROOT]     ask a coordinator for a session and print its id
client.py wait ID                      until the session has ended; exit status 0 when it completed
client.py failures ID                  print its failed images, one a line
"""
import argparse
import asyncio
import json
import os
import sys

import nats
from nats.errors import NoRespondersError, TimeoutError as NoAnswer
from nats.js.errors import NoStreamResponseError


def connect():
    """Under the same variables as trainyard itself."""
    return nats.connect(
        os.environ.get("TRAINYARD_NATS", "nats://127.0.0.1:4222").split(","),
        user=os.environ.get("TRAINYARD_NATS_USER"),
        password=os.environ.get("TRAINYARD_NATS_PASSWORD"),
        inbox_prefix=os.environ.get("TRAINYARD_NATS_INBOX_PREFIX", "_INBOX"),
        max_reconnect_attempts=-1,
    )


async def ask(link, what, **fields):
    reply = json.loads((await link.request(f"trainyard.api.{what}", json.dumps(fields).encode(), timeout=5)).data)
    if "error" in reply:
        raise LookupError("{code}: {message}; {remedy}".format(**reply["error"]))
    return reply


def spec_of(given):
    spec = {"schema": 1, "training_directory": given.directory}
    return spec | ({"root": given.root} if given.root else {})


async def leave(link, given):
    """Stored when this returns: the job waits in the stream until a coordinator takes it."""
    if given.msgpack:
        import msgpack

        payload = msgpack.packb(spec_of(given))
    else:
        payload = json.dumps(spec_of(given)).encode()
    # The same id again within two minutes is dropped by the server, later ones by the coordinator.
    await link.jetstream().publish(f"trainyard.jobs.{given.id}", payload, headers={"Nats-Msg-Id": given.id})
    print(given.id)


async def submit(link, given):
    print((await ask(link, "submit", **spec_of(given)))["session_id"])


async def wait(link, given):
    while True:
        try:
            status = await ask(link, f"status.{given.id}")
            if status["state"] in ("completed", "cancelled", "failed"):
                print(status["state"], status["embedded"], "embedded,", status["failed"], "failed", status["reason"])
                return status["state"] != "completed"
        except (NoRespondersError, NoAnswer):
            pass  # no coordinator now; the session goes on with the next one
        except LookupError as why:
            if "TY1602" not in str(why):  # unknown: the job still waits for a coordinator
                raise
        await asyncio.sleep(1)


async def failures(link, given):
    offset = 0
    while offset is not None:
        page = await ask(link, f"failures.{given.id}", offset=offset, limit=1000)
        for each in page["failures"]:
            print(each["asset"], each["stage"], each["code"], each["reason"], sep="\t")
        offset = page.get("next_offset")


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    for act, arguments in (leave, ["id", "directory"]), (submit, ["directory"]), (wait, ["id"]), (failures, ["id"]):
        command = commands.add_parser(act.__name__)
        command.set_defaults(act=act)
        for each in arguments:
            command.add_argument(each)
        if "directory" in arguments:
            command.add_argument("--root")
        if act is leave:
            command.add_argument("--msgpack", action="store_true")
    given = parser.parse_args()
    link = await connect()
    try:
        return await given.act(link, given)
    except NoRespondersError:
        return "no coordinator answers"
    except NoStreamResponseError:
        return "no stream TRAINYARD_JOBS is there yet: a coordinator makes it when it starts for the first time"
    except NoAnswer:
        return "no answer in time; or this user may not do that"
    except LookupError as why:
        return str(why)
    finally:
        await link.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
