"""An unmodified OpenAI client, and a request as Immich makes it, against a gateway:
openai_client.py PORT MODEL IMAGE TEXTS. TEXTS has the reference library's vectors for a few texts."""
import base64
import io
import json
import sys
import urllib.request

import numpy
import openai

port, model, image, texts = sys.argv[1:]
base = f"http://127.0.0.1:{port}"
client = openai.OpenAI(base_url=base + "/v1", api_key="none", max_retries=0)
content = open(image, "rb").read()
uri = "data:image/jpeg;base64," + base64.b64encode(content).decode()


def near(one, other):
    cosine = float(numpy.dot(one, other) / numpy.linalg.norm(one) / numpy.linalg.norm(other))
    assert cosine > 0.99999, cosine


text, wanted = next((each["text"], each["vector"]) for each in json.load(open(texts)) if each["text"].strip())

made = client.embeddings.create(model=model, input=[text, uri])  # the client asks for base64 by itself
assert [each.index for each in made.data] == [0, 1] and made.usage.total_tokens > 0, made.usage
near(made.data[0].embedding, wanted)
plain = client.embeddings.create(model=model, input=uri, encoding_format="float")
near(plain.data[0].embedding, made.data[1].embedding)
try:
    client.embeddings.create(model="nobody/has-this", input="a cat")
    raise AssertionError("a model that nobody has was answered")
except openai.NotFoundError as refused:
    assert "nobody/has-this" in str(refused), refused


def predict(kind, name, value):
    body = io.BytesIO()
    for part, data in (("entries", json.dumps({"clip": {kind: {"modelName": model, "options": {}}}}).encode()), (name, value)):
        body.write(b'--x\r\nContent-Disposition: form-data; name="' + part.encode() + b'"\r\n\r\n' + data + b"\r\n")
    body.write(b"--x--\r\n")
    asked = urllib.request.Request(base + "/predict", body.getvalue(), {"Content-Type": "multipart/form-data; boundary=x"})
    return json.load(urllib.request.urlopen(asked, timeout=30))


seen = predict("visual", "image", content)
near(json.loads(seen["clip"]), made.data[1].embedding)
assert seen["imageHeight"] > 0 and seen["imageWidth"] > 0, seen
near(json.loads(predict("textual", "text", text.encode())["clip"]), wanted)
assert urllib.request.urlopen(base + "/ping", timeout=30).read() == b"pong"
print("all as wanted")
