// A client of trainyard in JavaScript; wants `npm install nats@2`.
//
// node client.js leave ID DIR [ROOT]   leave a job, whether or not a coordinator runs now
// node client.js submit DIR [ROOT]     ask a coordinator for a session and print its id
// node client.js wait ID               until the session has ended; exit status 0 when it completed
// node client.js failures ID           print its failed images, one a line
const { connect, headers, ErrorCode, StringCodec } = require("nats");

const env = process.env;
const text = StringCodec();
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const specOf = (directory, root) => JSON.stringify({ schema: 1, training_directory: directory, root });

async function ask(link, what, body = "{}") {
  const message = await link.request(`trainyard.api.${what}`, text.encode(body), { timeout: 5000 });
  const reply = JSON.parse(text.decode(message.data));
  if (!reply.error) return reply;
  const { code, message: cause, remedy } = reply.error;
  throw Object.assign(new Error(`${code}: ${cause}; ${remedy}`), { code });
}

const commands = {
  // Stored when this returns: the job waits in the stream until a coordinator takes it.
  async leave(link, id, directory, root) {
    const with_id = headers();
    with_id.set("Nats-Msg-Id", id); // the same id again within two minutes is dropped by the server
    await link.jetstream().publish(`trainyard.jobs.${id}`, text.encode(specOf(directory, root)), { headers: with_id });
    console.log(id);
  },

  async submit(link, directory, root) {
    console.log((await ask(link, "submit", specOf(directory, root))).session_id);
  },

  async wait(link, id) {
    for (;;) {
      try {
        const status = await ask(link, `status.${id}`);
        if (["completed", "cancelled", "failed"].includes(status.state)) {
          console.log(`${status.state} ${status.embedded} embedded, ${status.failed} failed ${status.reason}`);
          process.exitCode = status.state === "completed" ? 0 : 1;
          return;
        }
      } catch (why) {
        // No coordinator now, or the job still waits for one.
        if (![ErrorCode.NoResponders, ErrorCode.Timeout, "TY1602"].includes(why.code)) throw why;
      }
      await pause(1000);
    }
  },

  async failures(link, id) {
    for (let offset = 0; offset !== undefined && offset !== null; ) {
      const page = await ask(link, `failures.${id}`, JSON.stringify({ offset, limit: 1000 }));
      for (const each of page.failures) console.log([each.asset, each.stage, each.code, each.reason].join("\t"));
      offset = page.next_offset;
    }
  },
};

async function main([command, ...rest]) {
  if (!(command in commands)) throw new Error(`one of ${Object.keys(commands).join(", ")}`);
  const link = await connect({
    servers: (env.TRAINYARD_NATS ?? "nats://127.0.0.1:4222").split(","),
    user: env.TRAINYARD_NATS_USER,
    pass: env.TRAINYARD_NATS_PASSWORD,
    inboxPrefix: env.TRAINYARD_NATS_INBOX_PREFIX ?? "_INBOX",
    maxReconnectAttempts: -1,
  });
  try {
    await commands[command](link, ...rest);
  } finally {
    await link.close();
  }
}

main(process.argv.slice(2)).catch((why) => {
  console.error(why.code === ErrorCode.NoResponders ? "no coordinator or no stream answers" : why.message);
  process.exitCode = 1;
});
