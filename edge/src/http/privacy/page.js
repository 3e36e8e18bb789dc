// The privacy centre's acts: proves the conversation by a code, then sees, takes, corrects, holds still, objects and
// erases. The token lives in this script's memory and nowhere else; whoever closes the page has forgotten it.
'use strict';
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const page = read('page');
  const words = read('words');
  const byId = (id) => document.getElementById(id);
  const say = (key, gaps = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => gaps[name] ?? whole);
  const format = (options) => new Intl.DateTimeFormat(page.locale === 'en' ? 'en-GB' : page.locale, options);
  const day = (at) => format({ day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }).format(at);
  // What happened at a time of day happened by the reader's own clock.
  const moment = (at) => format({ dateStyle: 'medium', timeStyle: 'short' }).format(at);
  /** What a message says; a notice of the chat in the words that stood there, in the page's language. */
  const wordsOf = ({ body, author }) => {
    if (body.Text) return body.Text.text;
    // A code, or a code with when people answer: a word of its own, or a word with a time.
    const parts = (value) => (typeof value === 'string' ? [value] : Object.entries(value)[0]);
    const [name, people] = parts(body.Notice);
    const told = say(`told_${name}`, { business: author ?? page.business });
    if (!people) return told;
    const [when, at] = parts(people);
    return `${told} ${say(`told_${when}`, { time: at && moment(at) })}`;
  };
  /** A language and a kind of browser, which are kept as codes and in English, in the page's words. */
  const languageName = (tag) => {
    try {
      return new Intl.DisplayNames([page.locale], { type: 'language' }).of(tag);
    } catch {
      return tag;
    }
  };
  const browserWords = (kind) => kind.split(', ').map((part) => words[`device_${part}`] ?? part).join(', ');
  const PROVIDERS = { openai: 'OpenAI', anthropic: 'Anthropic' };
  /** Who wrote a message. */
  const byWhom = ({ origin, ai, author }) => {
    if (ai?.provider === 'builtin') return say('by_builtin');
    if (ai) return say('by_model', { provider: PROVIDERS[ai.provider] ?? ai.provider, model: ai.model });
    return author && origin === 'human' ? `${say('origin_human')} (${author})` : say(`origin_${origin}`);
  };

  let proof = null;
  let held = null;

  /** Makes an element with text or children; nothing is ever parsed as markup. */
  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes ?? {})) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  const tell = (text) => { byId('status').textContent = text; };

  /** A call of the API. What went wrong is thrown as the key of a word. */
  const call = async (method, path, body) => {
    let answer;
    try {
      answer = await fetch(path, {
        method,
        credentials: 'omit',
        headers: {
          ...(proof ? { authorization: `Bearer ${proof.token}` } : {}),
          ...(body ? { 'content-type': 'application/json' } : {}),
        },
        body: body ? JSON.stringify(body) : undefined,
      });
    } catch {
      throw 'failed';
    }
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({}));
    const kind = String(problem.type ?? '').split(':').pop();
    throw { 'rate-limited': 'limited', 'code-refused': 'code_refused', 'too-many': 'too_many', 'not-found': 'gone', 'token-missing': 'ended', 'value-refused': 'mail_wrong' }[kind] ?? 'failed';
  };
  const own = (rest = '') => `/v1/privacy/conversations/${proof.conversation}${rest}`;
  const ask = async (request) => (await call('POST', own('/requests'), request)).json();

  /** Runs an act behind a button, which waits; what fails is said, and nothing else changes. */
  const act = (button, work) => async (event) => {
    event?.preventDefault();
    // Not `disabled`: that would take the focus from whoever pressed it.
    if (button.getAttribute('aria-busy') === 'true') return;
    button.setAttribute('aria-busy', 'true');
    try {
      await work(event);
    } catch (key) {
      tell(say(typeof key === 'string' ? key : 'failed'));
    } finally {
      button.removeAttribute('aria-busy');
    }
  };

  const panel = (button, isOpen) => {
    const shown = isOpen ?? button.getAttribute('aria-expanded') !== 'true';
    button.setAttribute('aria-expanded', String(shown));
    byId(button.getAttribute('aria-controls')).hidden = !shown;
    return shown;
  };

  const drawHeld = () => {
    const list = byId('held-list');
    list.replaceChildren();
    const add = (key, value) => list.append(make('dt', {}, say(key)), make('dd', {}, value));
    const { messages } = held;
    add('held_messages', messages.count ? say('count_until', { count: messages.count, date: day(messages.last_until) }) : say('none'));
    add('held_address', held.address_until ? say('until', { date: day(held.address_until) }) : say('none'));
    add('held_about', say('until', { date: day(held.about_until) }));
    if (held.identity) add('held_identity', `${held.identity} · ${say('until', { date: day(held.about_until) })}`);
    if (held.page) add('held_page', `${held.page} · ${say('until', { date: day(held.about_until) })}`);
    add('held_files', held.files ? String(held.files) : say('none'));
    add('held_statistics', say(held.statistics ?? 'unset'));
    if (held.resume_until) add('held_back', say('until', { date: day(held.resume_until) }));
    byId('held').hidden = false;
  };

  const drawRequest = (request) => {
    const item = make('li', {}, make('p', {}, `${say(`kind_${request.kind}`)}, ${say('request_asked', { date: day(request.asked_at) })}`));
    const line = (text) => item.append(make('p', { class: 'quiet' }, text));
    if (request.state === 'open') {
      const total = request.extension ? 90 : 30;
      const left = request.days_left;
      item.append(make('progress', { max: total, value: Math.max(0, total - left), 'aria-hidden': 'true' }));
      line(left < 0 ? say('request_late', { left: -left }) : say('request_left', { left, total }));
      if (request.extension) line(say('request_extended', { reason: say(`why_${request.extension}`) }));
    } else if (request.state === 'refused') {
      const authority = request.authority?.name || say('authority_any');
      line(say('request_refused', { date: day(request.settled_at), reason: say(`why_${request.refusal}`), authority }));
      if (request.authority) item.append(make('a', { href: request.authority.url, rel: 'noopener noreferrer' }, request.authority.url));
    } else {
      line(say('request_met', { date: day(request.settled_at) }));
    }
    if (request.words) line(request.words);
    return item;
  };

  const draw = () => {
    byId('prove').hidden = true;
    byId('rights').hidden = false;
    byId('lead').textContent = say('lead_proved');
    drawHeld();
    byId('requests-list').replaceChildren(...held.requests.map(drawRequest));
    byId('requests').hidden = held.requests.length === 0;
    const restricted = held.restricted_at;
    byId('hold-state').textContent = restricted ? say('hold_done', { date: day(restricted) }) : say('hold_text');
    byId('hold').textContent = say(restricted ? 'hold_lift' : 'hold_button');
    byId('erase-ask').textContent = say('erase_ask', { count: held.messages.count });
    byId('resume-mail').hidden = !held.email;
    for (const input of document.getElementsByName('purpose')) input.disabled = held.objections.includes(input.value);
  };
  const refresh = async () => {
    held = await (await call('GET', own())).json();
    draw();
  };
  /** After an act: before its outcome is told, so that every button is ready again once somebody reads it. */
  const redraw = () => refresh().catch(() => {
    // What was done stays done; only the overview is a moment old.
  });

  const prove = async (code) => {
    proof = await (await call('POST', `/v1/privacy/sites/${page.site}/open`, { code })).json();
    await refresh();
    byId('see').focus();
  };

  /** The whole copy: everything else stands in the first page, messages follow. */
  const copy = async () => {
    const whole = await (await call('GET', own('/copy'))).json();
    let more = whole.more;
    while (more) {
      const next = await (await call('GET', own(`/copy?after=${whole.messages.at(-1).sequence}`))).json();
      whole.messages.push(...next.messages);
      more = next.more;
    }
    return { ...whole, more: false };
  };
  const save = (blob, name) => {
    const link = make('a', { href: URL.createObjectURL(blob), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  };

  const drawCopy = (whole) => {
    const target = byId('see-panel');
    const json = make('button', { type: 'button' }, say('see_json'));
    json.addEventListener('click', () => save(new Blob([JSON.stringify(whole, null, 2)], { type: 'application/json' }), 'my-data.json'));
    const lines = [say('began', { date: day(whole.held.began_at) }), `${languageName(whole.held.language)}, ${browserWords(whole.held.browser)}`];
    if (whole.address) lines.push(`${whole.address.address}, ${say('seen_at', { date: day(whole.address.seen_at) })}, ${say('until', { date: day(whole.address.until) })}`);
    if (whole.contact) lines.push(`${say('copy_email', { email: whole.contact.email, date: day(whole.contact.left_at) })}, ${whole.contact.confirmed_at ? say('copy_confirmed', { date: day(whole.contact.confirmed_at) }) : say('copy_unconfirmed')}`);
    if (whole.satisfaction) lines.push([say('copy_score', { score: whole.satisfaction.score, date: day(whole.satisfaction.at) }), whole.satisfaction.comment ?? ''].filter(Boolean).join(': '));
    for (const note of whole.notes) lines.push(say('copy_note', { date: day(note.at), words: note.text }));
    if (whole.labels.length) lines.push(say('copy_labels', { labels: whole.labels.join(', ') }));
    const marks = ['is_spam', 'is_blocked'].filter((mark) => whole.marks?.[mark]).map((mark) => say(`mark_${mark}`));
    if (whole.marks && whole.marks.priority !== 1) marks.push(say(`mark_priority_${whole.marks.priority}`));
    if (marks.length) lines.push(say('copy_marks', { marks: marks.join(', ') }));
    // Several of a kind that end on one day are one line.
    lines.push(...new Set(whole.keys.map((key) => `${say(`key_${key.kind}`)}, ${say('until', { date: day(key.until) })}`)));
    for (const choice of whole.consents) lines.push(`${say('choices')}: ${say(`object_${choice.purpose}`)}, ${say(choice.choice)}, ${day(choice.at)}`);
    for (const objection of whole.objections) lines.push(`${say('kind_objection')}: ${say(`object_${objection.purpose}`)}, ${day(objection.at)}`);
    const thread = make('ol', { class: 'thread' });
    for (const message of whole.messages) {
      const item = make('li', { 'data-origin': message.origin }, make('span', { class: 'quiet' }, `${byWhom(message)}, ${moment(message.at)}, ${say('goes', { date: day(message.until) })}`), wordsOf(message));
      if (message.attachments?.length) item.append(make('span', { class: 'quiet' }, say('copy_files', { names: message.attachments.map((file) => file.name).join(', ') })));
      for (const before of whole.corrections.filter((one) => one.message === message.id)) {
        item.append(make('span', { class: 'quiet' }, say('was', { words: wordsOf({ body: before.before }) })));
      }
      thread.append(item);
    }
    lines.push(say('copy_rest'));
    target.replaceChildren(...lines.map((line) => make('p', { class: 'quiet' }, line)), thread, json);
  };

  byId('see').addEventListener('click', act(byId('see'), async () => {
    const button = byId('see');
    if (button.getAttribute('aria-expanded') === 'true') {
      panel(button, false);
      button.textContent = say('see_button');
      return;
    }
    await ask({ kind: 'access' });
    const whole = await copy();
    await redraw();
    drawCopy(whole);
    panel(button, true);
    button.textContent = say('hide');
  }));

  byId('take').addEventListener('click', act(byId('take'), async () => {
    await ask({ kind: 'portability' });
    save(await (await call('GET', own('/archive'))).blob(), 'my-data.zip');
    await redraw();
    tell(say('take_done'));
  }));

  byId('correct').addEventListener('click', act(byId('correct'), async () => {
    const button = byId('correct');
    if (button.getAttribute('aria-expanded') === 'true') {
      panel(button, false);
      return;
    }
    const whole = await copy();
    const mine = whole.messages.filter((message) => message.origin === 'visitor' && message.body.Text);
    const option = (message) => make('option', { value: message.id }, wordsOf(message).slice(0, 80));
    byId('correct-which').replaceChildren(...mine.map(option), make('option', { value: '' }, say('correct_other')));
    panel(button, true);
    // Whoever went on meanwhile keeps their place.
    if (document.activeElement === button) byId('correct-which').focus();
  }));
  byId('correct-panel').addEventListener('submit', act(byId('correct-panel').querySelector('button'), async () => {
    const message = byId('correct-which').value;
    const text = byId('correct-words').value;
    const { request } = await ask({ kind: 'rectification', message: message || null, words: text });
    await redraw();
    byId('correct-words').value = '';
    panel(byId('correct'), false);
    tell(request.state === 'met' ? say('correct_done') : say('correct_waits', { date: day(request.due_at) }));
    byId('correct').focus();
  }));

  byId('hold').addEventListener('click', act(byId('hold'), async () => {
    const lift = Boolean(held.restricted_at);
    if (lift) await call('DELETE', own('/restriction'));
    else await ask({ kind: 'restriction' });
    await redraw();
    tell(lift ? say('hold_lifted') : say('hold_done', { date: day(Date.now()) }));
  }));

  byId('object').addEventListener('click', () => {
    if (panel(byId('object'))) document.querySelector('input[name="purpose"]:enabled')?.focus();
  });
  byId('object-panel').addEventListener('submit', act(byId('object-panel').querySelector('button'), async () => {
    const purpose = new FormData(byId('object-panel')).get('purpose');
    await ask({ kind: 'objection', purpose });
    await redraw();
    panel(byId('object'), false);
    tell(say(purpose === 'follow_up' ? 'object_done_follow_up' : 'object_done'));
    byId('object').focus();
  }));

  byId('erase').addEventListener('click', () => {
    if (panel(byId('erase'))) byId('erase-no').focus();
  });
  byId('erase-no').addEventListener('click', () => {
    panel(byId('erase'), false);
    byId('erase').focus();
  });
  byId('erase-yes').addEventListener('click', act(byId('erase-yes'), async () => {
    const { request, receipt } = await ask({ kind: 'erasure' });
    // What waits, for a legal claim for one, is still there, and so are the rights to it.
    const begun = request.state === 'met';
    byId('receipt-said').textContent = say(begun ? 'erase_done' : 'erase_asked');
    if (begun) {
      proof = null;
      held = null;
      for (const id of ['rights', 'held', 'requests']) byId(id).hidden = true;
    } else {
      panel(byId('erase'), false);
      await redraw();
    }
    tell('');
    if (receipt) {
      byId('receipt-key').textContent = `${receipt.erasure}\n${receipt.nonce}`;
      follow(receipt);
    }
    byId('receipt').hidden = false;
    byId('receipt').focus();
  }));

  /** Tells how far an erasure is, until its receipt is there to be saved. */
  const follow = async ({ erasure, nonce }) => {
    const again = () => setTimeout(() => follow({ erasure, nonce }), 15_000);
    let progress;
    try {
      progress = await (await call('POST', '/v1/privacy/receipts/read', { erasure, nonce })).json();
    } catch {
      again();
      return;
    }
    byId('receipt-state').textContent = say(progress.waits === 'hold' ? 'receipt_waits' : `state_${progress.state}`);
    if (!progress.receipt) {
      again();
      return;
    }
    byId('receipt-save').hidden = false;
    byId('receipt-save').addEventListener('click', () => {
      save(new Blob([JSON.stringify(progress.receipt)], { type: 'application/json' }), `${erasure}.json`);
    });
  };

  byId('receipt-copy').addEventListener('click', () => {
    // Where the clipboard is not to be had, the lines stand there to be marked.
    navigator.clipboard?.writeText(byId('receipt-key').textContent).then(() => tell(say('receipt_copied')), () => {});
  });

  byId('resume').addEventListener('click', act(byId('resume'), async () => {
    const { code, until } = await (await call('POST', own('/resume'))).json();
    const shown = byId('resume-panel');
    shown.replaceChildren(make('pre', { class: 'code' }, code), make('p', { class: 'quiet' }, say('resume_done', { date: day(until) })));
    shown.hidden = false;
    await redraw();
  }));

  byId('resume-mail').addEventListener('click', act(byId('resume-mail'), async () => {
    await call('POST', own('/resume/mail'));
    await redraw();
    tell(say('resume_mailed', { address: held.email }));
  }));

  // The same is said whether somebody confirmed this address here or not.
  byId('mail-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    let said = 'mail_done';
    try {
      await call('POST', `/v1/privacy/sites/${page.site}/codes`, { email: byId('mail').value });
    } catch (key) {
      said = typeof key === 'string' ? key : 'failed';
    }
    byId('mail-done').textContent = say(said);
  });

  byId('prove-form').addEventListener('submit', async (event) => {
    event.preventDefault();
    byId('prove-problem').textContent = '';
    try {
      await prove(byId('code').value);
    } catch (key) {
      byId('prove-problem').textContent = say(typeof key === 'string' ? key : 'failed');
      byId('code').focus();
    }
  });

  byId('child-form').addEventListener('submit', act(byId('child-form').querySelector('button'), async () => {
    const bare = proof;
    proof = null;
    try {
      await call('POST', `/v1/privacy/sites/${page.site}/reports`, { words: byId('child-words').value });
    } finally {
      proof = bare;
    }
    byId('child-words').value = '';
    byId('child-done').textContent = say('child_done');
  }));

  // The code leaves the address at once: neither history nor a screenshot of the address keeps it.
  const handed = decodeURIComponent(location.hash.slice(1));
  if (handed) {
    history.replaceState(null, '', location.pathname + location.search);
    prove(handed).catch((key) => { byId('prove-problem').textContent = say(typeof key === 'string' ? key : 'failed'); });
  }
})();
