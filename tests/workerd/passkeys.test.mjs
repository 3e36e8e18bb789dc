// Passkeys on workerd: there WebCrypto checks the signatures, which plain `cargo test` can't try.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { after, before, test } from "node:test";
import { Browser, start } from "./harness.mjs";

const ORIGIN = "http://localhost:8787";

let deployment;
before(async () => {
  deployment = await start();
});
after(() => deployment?.close());

const encoded = (bytes) => Buffer.from(bytes).toString("base64url");
const digest = (bytes) => createHash("sha256").update(bytes).digest();

/** An authenticator with one key. */
class Authenticator {
  constructor(algorithm) {
    this.algorithm = algorithm;
    this.credential = randomBytes(24);
    this.count = 0;
    this.pair =
      algorithm === -7
        ? generateKeyPairSync("ec", { namedCurve: "P-256" })
        : generateKeyPairSync("rsa", { modulusLength: 2048 });
  }

  clientData(type, challenge) {
    return Buffer.from(JSON.stringify({ type, challenge, origin: ORIGIN, crossOrigin: false }));
  }

  data(rpId, flags, rest = []) {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(this.count);
    return Buffer.concat([digest(rpId), Buffer.from([flags]), count, ...rest]);
  }

  make(offer) {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(this.credential.length);
    return {
      challenge: offer.challenge,
      credential: encoded(this.credential),
      client_data: encoded(this.clientData("webauthn.create", offer.challenge_bytes)),
      authenticator_data: encoded(this.data(offer.rp_id, 0x45, [Buffer.alloc(16), length, this.credential])),
      public_key: encoded(this.pair.publicKey.export({ type: "spki", format: "der" })),
      algorithm: this.algorithm,
    };
  }

  sign(challenge) {
    this.count += 1;
    const client = this.clientData("webauthn.get", challenge.challenge_bytes);
    const data = this.data(challenge.rp_id, 0x05);
    return {
      challenge: challenge.challenge,
      credential: encoded(this.credential),
      client_data: encoded(client),
      authenticator_data: encoded(data),
      signature: encoded(sign("sha256", Buffer.concat([data, digest(client)]), this.pair.privateKey)),
    };
  }
}

for (const [name, algorithm] of [["ES256", -7], ["RS256", -257]]) {
  test(`a passkey of ${name} signs in, and a signature by another key does not`, async () => {
    const owner = new Browser(deployment);
    assert.equal((await owner.call("GET", "/dev/sign-in")).status, 303);
    const me = (await owner.call("GET", "/v1/admin/session")).value;
    owner.csrf = me.csrf;
    const authenticator = new Authenticator(algorithm);
    const offer = (await owner.call("POST", "/v1/admin/passkeys/offer")).value;
    assert.equal((await owner.call("POST", "/v1/admin/passkeys", authenticator.make(offer))).status, 204);

    const elsewhere = new Browser(deployment);
    const challenge = (await elsewhere.call("POST", "/v1/admin/sign-in/passkey/challenge")).value;
    const signed = await elsewhere.call("POST", "/v1/admin/sign-in/passkey", authenticator.sign(challenge));
    assert.equal(signed.status, 200);
    const there = (await elsewhere.call("GET", "/v1/admin/session")).value;
    assert.equal(there.account, me.account);

    const thief = new Authenticator(algorithm);
    Object.assign(thief, { credential: authenticator.credential, count: 90 });
    const asked = (await elsewhere.call("POST", "/v1/admin/sign-in/passkey/challenge")).value;
    const refused = await elsewhere.call("POST", "/v1/admin/sign-in/passkey", thief.sign(asked));
    assert.equal(refused.status, 422);
    assert.equal(refused.value.type, "urn:loquet:problem:passkey-refused");
  });
}
