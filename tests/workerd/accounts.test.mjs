// Accounts on workerd: every kind of row that a team reads comes back from the real D1, and mail carries the codes.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Browser, start, until } from "./harness.mjs";

let deployment;
before(async () => {
  deployment = await start({ vars: { OPERATOR_EMAIL: "root@deploy.example" } });
});
after(() => deployment?.close());

/** The newest mail to an address that says something. */
function mail(to, pattern) {
  return until(async () => {
    const mails = await (await deployment.fetch("/dev/outbox")).json();
    const found = mails.find((mail) => mail.to === to && pattern.test(mail.text ?? ""));
    return found?.text.match(pattern);
  }, `a mail to ${to}`);
}

async function signUp(email, business) {
  const person = new Browser(deployment);
  const door = await person.ask("GET", "/v1/admin/door");
  const agreement = { terms_hash: door.terms.hash, dpa_hash: door.dpa.hash };
  const form = { name: "Ada", email, business, kind: "hotel", locale: "en", agreement };
  const asked = await person.ask("POST", "/v1/admin/sign-up", form);
  const [digits] = await mail(email, /\b\d{3} ?\d{3}\b/);
  await person.ask("POST", "/v1/admin/sign-in/code", { code: asked.code, digits });
  return person;
}

test("a business is opened, a team joins, and everything that it reads is there", async () => {
  const owner = await signUp("ada@hotel.example", "Hôtel Ada");
  const me = await owner.ask("GET", "/v1/admin/session");
  assert.equal(me.email, "ada@hotel.example");
  const house = `/v1/admin/businesses/${me.memberships[0].business}`;
  const business = await owner.ask("GET", house);
  assert.equal(business.sites.length, 1);
  await owner.ask("PUT", house, { ...business.profile, contact: "desk@hotel.example", country: "FR" });
  assert.equal((await owner.ask("GET", house)).is_complete, true);
  assert.equal((await owner.ask("GET", `${house}/acceptances`)).acceptances.length, 2);

  await owner.ask("POST", `${house}/invitations`, { email: "grace@hotel.example", role: "manager", locale: "en" });
  const [, invitation, token] = await mail("grace@hotel.example", /#\/invitation\/(inv_\w+)\/([\w-]+)/);
  const link = { invitation, token };
  const manager = new Browser(deployment);
  assert.equal((await manager.ask("POST", "/v1/admin/invitations/look", link)).business, "Hôtel Ada");
  await manager.ask("POST", "/v1/admin/invitations/join", { link, name: "Grace", locale: "en" });
  const team = await manager.ask("GET", `${house}/team`);
  assert.deepEqual(team.members.map(({ role }) => role), ["owner", "manager"]);
  assert.equal((await manager.call("GET", `${house}/audit`)).status, 403);

  const made = await owner.ask("POST", `${house}/tokens`, { name: "till", scopes: ["team_read"], days: 1 });
  const read = await deployment.call("GET", `${house}/team`, made.token);
  assert.equal(read.members.length, 2);
  assert.equal((await owner.ask("GET", `${house}/tokens`)).tokens.length, 1);

  const grace = team.members[1].account;
  await owner.ask("PUT", `${house}/members/${grace}`, { role: "admin" });
  assert.equal((await owner.call("POST", `${house}/leave`)).value.type, "urn:loquet:problem:last-owner");
  await owner.ask("POST", `${house}/transfer`, { account: grace });
  await owner.ask("POST", `${house}/leave`);
  assert.equal((await owner.call("GET", house)).status, 404);
  const actions = (await manager.ask("GET", `${house}/audit`)).entries.map(({ action }) => action);
  for (const action of ["business_open", "invite", "member_join", "token_make", "ownership_transfer", "member_leave"]) {
    assert.ok(actions.includes(action), action);
  }
  assert.equal((await owner.ask("GET", "/v1/admin/sessions")).sessions.length, 1);
});

test("an address is changed by a code, and stopped by the old one", async () => {
  const person = await signUp("old@inn.example", "Inn");
  const asked = await person.ask("POST", "/v1/admin/account/email", { email: "new@inn.example" });
  const [digits] = await mail("new@inn.example", /\b\d{3} ?\d{3}\b/);
  await person.ask("POST", "/v1/admin/account/email/code", { code: asked.code, digits });
  assert.equal((await person.ask("GET", "/v1/admin/session")).email_change.email, "new@inn.example");
  const [, change, token] = await mail("old@inn.example", /#\/stop\/(cod_\w+)\/([\w-]+)/);
  const mailbox = new Browser(deployment);
  await mailbox.ask("POST", "/v1/admin/email/stop", { change, token });
  assert.equal((await person.call("GET", "/v1/admin/session")).status, 401);
});

test("the operator sees businesses and jobs", async () => {
  const root = await signUp("root@deploy.example", "The deployment");
  const { businesses } = await root.ask("GET", "/v1/admin/operator/businesses");
  assert.ok(businesses.length >= 2 && businesses.every(({ sites }) => sites === 1));
  assert.ok((await root.ask("GET", "/v1/admin/operator/jobs")).jobs.length > 3);
});
