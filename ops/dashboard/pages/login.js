// The token, once; a cookie that scripts cannot read stands for it from then on.
import { html, useState } from "/vendor/preact-htm.js";
import { Trouble } from "/parts.js";
import { post } from "/api.js";

export function Login({ done }) {
  const [why, complain] = useState(null);
  const log_in = async (event) => {
    event.preventDefault();
    try {
      await post("/api/v1/login", { token: new FormData(event.target).get("token") });
      done();
    } catch (refusal) { complain(refusal); }
  };
  return html`<main><form class="login sheet" onSubmit=${log_in}><h1>trainyard</h1><${Trouble} why=${why} />
    <label>The gateway's token <input name="token" type="password" autocomplete="current-password" required /></label>
    <button>Log in</button></form></main>`;
}
