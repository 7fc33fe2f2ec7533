// Security keys: asks the browser for one, puts its answer into the form, sends the form. Keeps nothing.
"use strict";
(() => {
  const raw = (text) => {
    const plain = text.replace(/-/g, "+").replace(/_/g, "/");
    return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0));
  };
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((item) => ({ ...item, id: raw(item.id) }));

  const make = async (options) => {
    const publicKey = {
      ...options,
      challenge: raw(options.challenge),
      user: { ...options.user, id: raw(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    };
    const made = await navigator.credentials.create({ publicKey });
    return {
      id: made.id, rawId: text(made.rawId), type: made.type,
      response: { clientDataJSON: text(made.response.clientDataJSON), attestationObject: text(made.response.attestationObject) },
    };
  };

  const use = async (options) => {
    const publicKey = { ...options, challenge: raw(options.challenge), allowCredentials: known(options.allowCredentials) };
    const used = await navigator.credentials.get({ publicKey });
    return {
      id: used.id, rawId: text(used.rawId), type: used.type,
      response: {
        clientDataJSON: text(used.response.clientDataJSON), authenticatorData: text(used.response.authenticatorData),
        signature: text(used.response.signature), userHandle: used.response.userHandle ? text(used.response.userHandle) : null,
      },
    };
  };

  const acts = { make, use };
  for (const form of document.querySelectorAll("form[data-security-key]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    const button = form.querySelector("button");
    const said = form.querySelector("[data-said]");
    button.addEventListener("click", async () => {
      button.disabled = true;
      said.textContent = "Touch the key now.";
      try {
        const answer = await acts[form.dataset.securityKey](JSON.parse(form.dataset.options));
        form.elements.proof.value = JSON.stringify(answer);
        form.submit();
      } catch (error) {
        said.textContent = "The key did not answer, or it is set up already. Nothing was changed; you can try again.";
        button.disabled = false;
      }
    });
  }
})();
