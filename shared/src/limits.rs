//! Every bound in one place, with its reason. A limit that stands elsewhere is a limit nobody finds.

use crate::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};

// What people may send.

/// Longest message of a visitor, in characters (Unicode scalar values). Two screens of text; longer is an essay.
pub const MESSAGE_CHARACTERS: usize = 4_000;
/// Largest JSON body a widget route reads, in bytes: a longest message of four-byte characters, escaped, and change.
pub const BODY_BYTES: usize = 64 * 1024;
/// Longest path of a page that is kept, in bytes.
pub const PAGE_PATH_BYTES: usize = 512;
/// Largest text frame a socket accepts, in bytes. Sockets carry signals, messages come over HTTPS.
pub const SOCKET_FRAME_BYTES: usize = 1_024;

/// Largest file that the Worker itself fills or hands on, in bytes; everything else is served past it.
pub const ASSET_BYTES: usize = 4 * 1024 * 1024;

// How often.

/// Messages a visitor may send in a conversation within [`VISITOR_WINDOW_MS`].
pub const VISITOR_MESSAGES: u32 = 12;
/// The window of [`VISITOR_MESSAGES`].
pub const VISITOR_WINDOW_MS: i64 = MINUTE_MS;
/// Sockets one conversation holds at once: a few tabs of a visitor and a few colleagues.
pub const CONVERSATION_SOCKETS: usize = 24;

// How long.

/// A visitor's token, minted into the frame's document.
pub const VISITOR_TOKEN_MS: i64 = HOUR_MS;
/// A conversation's token, from its last use. It is also how long the frame's storage entry serves (promise B1).
pub const CONVERSATION_TOKEN_MS: i64 = 12 * HOUR_MS;
/// How old the last recorded use of a conversation's token may be before a use is written again.
pub const CONVERSATION_TOKEN_TOUCH_MS: i64 = 10 * MINUTE_MS;
/// A socket ticket: long enough for a slow handshake, useless in a log.
pub const TICKET_MS: i64 = 30 * SECOND_MS;
/// A conversation is deleted this many calendar months after each message at the latest (promise P4.2).
pub const CONVERSATION_MONTHS: i32 = 12; // keeps P4.2 | without: pub const CONVERSATION_MONTHS: i32 = 13;
/// A choice of a visitor who never wrote is kept this many calendar months, as proof; one of a visitor who wrote goes
/// with their last conversation.
pub const CONSENT_MONTHS: i32 = 12;
/// Counted visits are kept this many calendar months (promise P4.3).
pub const STATISTICS_MONTHS: i32 = 24; // keeps P4.3 | without: pub const STATISTICS_MONTHS: i32 = 25;
/// A full IP address is kept this long (promise P4.5).
pub const ADDRESS_MS: i64 = 30 * DAY_MS;

// Accounts.

/// A one-time code, from the mail to the last try.
pub const CODE_MS: i64 = 10 * MINUTE_MS;
/// Tries of one code.
pub const CODE_TRIES: u32 = 5;
/// Codes for one address within an hour, and within a day: 100 guesses of a million a day at most.
pub const CODES_HOUR: u32 = 5;
/// See [`CODES_HOUR`].
pub const CODES_DAY: u32 = 20;
/// Codes that one IP address may ask for within an hour: an office shares one.
pub const CODES_ASKER_HOUR: u32 = 20;
/// A session that is not used ends after this long.
pub const SESSION_IDLE_MS: i64 = 30 * DAY_MS;
/// A session ends after this long, used or not, and is forgotten: sign-ins and devices are kept no longer.
pub const SESSION_MS: i64 = 90 * DAY_MS;
/// How old the last recorded use of a session or an API token may be before a use is written again.
pub const SESSION_TOUCH_MS: i64 = 10 * MINUTE_MS;
/// A challenge of a passkey.
pub const CHALLENGE_MS: i64 = 5 * MINUTE_MS;
/// Passkeys of one person.
pub const PASSKEYS: u32 = 20;
/// An invitation.
pub const INVITATION_MS: i64 = 7 * DAY_MS;
/// Open invitations of one business: a team, not a mailing list.
pub const INVITATIONS: u32 = 50;
/// How long the old address can stop a change of address.
pub const EMAIL_CHANGE_MS: i64 = 2 * DAY_MS;
/// A sign-up that nobody confirmed is forgotten after this long.
pub const SIGN_UP_MS: i64 = DAY_MS;
/// Used and expired codes and challenges are forgotten after this long.
pub const CODE_KEPT_MS: i64 = DAY_MS;
/// Invitations and changes of address are forgotten this long after they ended.
pub const INVITATION_KEPT_MS: i64 = 30 * DAY_MS;
/// Logs of jobs, of who did what, and of erasures are kept this many calendar months.
pub const RECORD_MONTHS: i32 = 24;
/// Payments are kept this many calendar months: seven years (promise P4.4).
pub const BILLING_MONTHS: i32 = 84; // keeps P4.4 | without: pub const BILLING_MONTHS: i32 = 83;
/// The address that a receipt goes to is kept this long at most.
pub const CONFIRMATION_MS: i64 = 7 * DAY_MS;
/// A changed limit of a site takes effect after this long; until then it can be undone.
pub const LIMIT_CHANGE_MS: i64 = DAY_MS;
/// Living API tokens of one business.
pub const API_TOKENS: u32 = 50;
/// Longest life of an API token, in days.
pub const API_TOKEN_DAYS: u32 = 365;
/// Longest name of a person, a business or a token, in characters.
pub const NAME_CHARACTERS: usize = 80;
/// Longest line of a business's profile, in characters.
pub const LINE_CHARACTERS: usize = 300;
/// Lines of the audit log, or businesses of the operator, in one answer.
pub const PAGE_ENTRIES: u32 = 50;
/// Lines of the audit log in one file.
pub const AUDIT_EXPORT: u32 = 5_000;
/// Businesses that one person may open.
pub const BUSINESSES: u32 = 20;
/// Ceiling of AI calls a day that a new site begins with.
pub const FIRST_DAILY_CALLS: u32 = 500;
/// Ceiling of AI tokens a day that a new site begins with.
pub const FIRST_DAILY_TOKENS: u32 = 1_000_000;
/// Origins that may embed one site's chat: they travel in a header with every frame.
pub const SITE_ORIGINS: usize = 20;
/// Sites of one business.
pub const SITES: u32 = 20;
/// Longest greeting of a site, in characters: it stands in a bubble.
pub const GREETING_CHARACTERS: usize = 500;
/// Questions to tap, a language: more would push the composer out of sight.
pub const QUICK_QUESTIONS: usize = 5;
/// Longest question to tap, in characters.
pub const QUESTION_CHARACTERS: usize = 120;
/// Longest question of a site's own about statistics, in characters: it stands above the composer, with ours below it.
pub const CONSENT_QUESTION_CHARACTERS: usize = 200;
/// Longest explanation of a site's own, in characters: it opens where the question stands.
pub const CONSENT_DETAIL_CHARACTERS: usize = 500;
/// Longest instructions for the model, in characters: they are paid for with every question.
pub const INSTRUCTIONS_CHARACTERS: usize = 4_000;
/// Spans of hours in one day.
pub const DAY_SPANS: usize = 6;
/// Days on which nobody comes, of one site.
pub const HOLIDAYS: usize = 100;
/// Most AI calls a day that a site may set as its ceiling.
pub const DAILY_CALLS: u32 = 100_000;
/// Most AI tokens a day that a site may set as its ceiling.
pub const DAILY_TOKENS: u32 = 1_000_000_000;
/// Doors of one business's own systems.
pub const WEBHOOKS: u32 = 10;
/// From telling a door to its answer.
pub const HOOK_MS: u64 = 10_000;
/// Deliveries that one run tells: together they end well within [`HOOK_LEASE_MS`].
pub const HOOK_BATCH: u32 = 10;
/// How long one try may hold its deliveries: longer than a whole batch of doors that don't answer.
pub const HOOK_LEASE_MS: i64 = 3 * MINUTE_MS;
/// Waits between two tries of a delivery: a restart, a deployment, a night.
pub const HOOK_WAITS_MS: [i64; 7] =
    [10 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS, 12 * HOUR_MS];
/// Tries of one delivery.
pub const HOOK_TRIES: u32 = HOOK_WAITS_MS.len() as u32 + 1;
/// A delivery is kept this long: to show what was told, and to tell it again.
pub const HOOK_ROW_MS: i64 = 30 * DAY_MS;
/// Longest delay of a message of the queue, in seconds (the platform's limit).
pub const QUEUE_DELAY_S: u32 = 12 * 60 * 60;
/// Longest key of an AI provider, in characters.
pub const VENDOR_KEY_CHARACTERS: usize = 400;
/// From asking a page that a business named to the end of what is read of it, redirects included.
pub const VISIT_MS: u64 = 10_000;
/// Redirects that such a page may lead through.
pub const VISIT_REDIRECTS: u32 = 5;
/// Bytes that are read of such a page: the head of any, and most of all.
pub const VISIT_BYTES: usize = 512 * 1024;
/// How long a preview of a site can be looked at: typing asks for the next one.
pub const PREVIEW_MS: i64 = 10 * MINUTE_MS;
/// How long the identity secret before the present one still counts: as long as a business may take to change its own.
pub const IDENTITY_BEFORE_MS: i64 = DAY_MS;
/// Longest life of a token that names a visitor, from its making to its end.
pub const IDENTITY_TOKEN_MS: i64 = HOUR_MS;
/// How far ahead of ours the clock of whoever made such a token may be.
pub const IDENTITY_AHEAD_MS: i64 = MINUTE_MS;
/// Longest name of a visitor in such a token, in characters: an id of the business's own system.
pub const IDENTITY_CHARACTERS: usize = 200;
/// Entries of one business's knowledge.
pub const KNOWLEDGE_ENTRIES: u32 = 2_000;
/// Longest title of an entry, in characters.
pub const KNOWLEDGE_TITLE_CHARACTERS: usize = 200;
/// Longest entry, in characters: four of them fit into a prompt.
pub const KNOWLEDGE_CHARACTERS: usize = 8_000;
/// Members of one business.
pub const MEMBERS: u32 = 500;

// Rights.

/// A request of a person is answered within this time (promises P6.8, K12).
pub const REQUEST_MS: i64 = 30 * DAY_MS;
/// By how much a request may be extended, once and with its reason: two further months, counted in days as the first.
pub const REQUEST_EXTENSION_MS: i64 = 60 * DAY_MS;
/// Days before the end of a request on which the business is reminded.
pub const REQUEST_REMINDERS_DAYS: [i64; 2] = [7, 2];
/// Open requests of one conversation, or of one account: a person, not a flood.
pub const REQUESTS_OPEN: u32 = 20;
/// Reports of a child's data that one site takes within a day: they need no conversation, and each waits for a person.
pub const REPORTS_SITE_DAY: u32 = 20;
/// What a report is told to wait that comes after those of a day, in seconds.
pub const REPORTS_WAIT_S: u32 = 3_600;
/// Requests that one list shows, or one run of their job reminds of.
pub const REQUESTS_PAGE: u32 = 100;
/// Choices that one file of the ledger holds: a few megabytes, which an isolate builds at once.
pub const LEDGER_EXPORT: u32 = 10_000;
/// Editions of the notice that one list shows: more than a deployment sees in its first years.
pub const NOTICE_EDITIONS: u32 = 20;
/// Longest words of a request, in characters: an explanation, not a dossier.
pub const REQUEST_CHARACTERS: usize = 2_000;
/// A settled request is kept this many calendar months, as proof that it was answered.
pub const REQUEST_MONTHS: i32 = 24;
/// A code that hands a conversation over to its privacy centre: the way from one window to the next.
pub const HAND_OVER_MS: i64 = 2 * MINUTE_MS;

/// Corrections of one message: a slip, not a diary.
pub const CORRECTIONS: u32 = 20;
/// From the request to delete an account or a business to its deletion (promises P4.1, P4.6).
pub const DELETION_GRACE_MS: i64 = 30 * DAY_MS;
/// Days before a deletion on which whoever asked for it is told once more.
pub const DELETION_REMINDERS_DAYS: [i64; 2] = [7, 1];
/// Deletions that one run of their job works on, and lines of the audit log in a copy of one's own data.
pub const DELETIONS: u32 = 50;
/// See [`DELETIONS`]; two years of a busy person.
pub const COPY_AUDIT_LINES: u32 = 1_000;
/// How long the deletion of an account waits for its letter to leave.
pub const DELETION_LETTER_MS: i64 = HOUR_MS;
/// From the announcement of a material change of the notice to its effect (promise P11).
pub const NOTICE_AHEAD_MS: i64 = 30 * DAY_MS;
/// Accounts that one run tells of a change of the notice.
pub const NOTICE_MAILS: u32 = 200;
/// A line of the register of sub-processors that was verified longer ago is flagged (promise P5.7).
pub const PROCESSOR_VERIFIED_MONTHS: i32 = 12;

// An answer.

/// From asking a provider to its first token.
pub const FIRST_TOKEN_MS: u64 = 10_000;
/// From asking a provider to its last token.
pub const ANSWER_MS: u64 = 60_000;
/// An alarm ends a turn whose object was restarted. It comes after every deadline of a living turn, two providers long.
pub const TURN_WATCHDOG_MS: i64 = 2 * ANSWER_MS as i64 + 15 * SECOND_MS;
/// A provider that failed is asked last for this long.
pub const PROVIDER_REST_MS: i64 = MINUTE_MS;
/// Most tokens a provider may write in one answer.
pub const ANSWER_TOKENS: u32 = 700;
/// Most characters of one answer that are kept, whatever a provider sends.
pub const ANSWER_CHARACTERS: usize = 8_000;
/// Tokens of a prompt given to the last messages of the thread.
pub const HISTORY_TOKENS: usize = 2_000;
/// Most messages of the thread that a prompt looks back on.
pub const HISTORY_MESSAGES: u32 = 20;
/// Passages of the business's knowledge in a prompt, and sources under an answer.
pub const PASSAGES: u32 = 4;
/// Longest line of a provider's event stream, in bytes.
pub const STREAM_LINE_BYTES: usize = 256 * 1024;

// Mail.

/// From asking the mail vendor to its answer.
pub const MAIL_SEND_MS: u64 = 15_000;
/// How long one try may hold a mail: longer than [`MAIL_SEND_MS`] and the reading around it.
pub const MAIL_LEASE_MS: i64 = MINUTE_MS;
/// Tries of one mail. Together with the waits below they end within hours, inside the day for which the vendor knows
/// a mail again by its idempotency key.
pub const MAIL_TRIES: u32 = 8;
/// A mail that was tried this often without success turns `/readyz` red.
pub const MAIL_STRUGGLES: u32 = 3;
/// The first wait between two tries; each is three times the one before.
pub const MAIL_BACKOFF_MS: i64 = 10 * SECOND_MS;
/// The longest wait between two tries.
pub const MAIL_BACKOFF_MAX_MS: i64 = HOUR_MS;
/// After this long in the outbox a mail is late, and `/readyz` is red.
pub const MAIL_LATE_MS: i64 = 30 * MINUTE_MS;
/// How long a mail that was given up keeps `/readyz` red.
pub const MAIL_ALARM_MS: i64 = HOUR_MS;
/// Mails that one sweep wakes.
pub const MAIL_SWEEP_ROWS: u32 = 100;
/// A row of the outbox is kept this long: to show what was sent, without saying what or to whom.
pub const MAIL_ROW_MS: i64 = 30 * DAY_MS;
/// A suppression is kept this long after the last bounce or complaint.
pub const MAIL_SUPPRESSION_MS: i64 = 365 * DAY_MS;
/// After a bounce, a code that its reader asks for is held back this long.
pub const MAIL_BOUNCE_REST_MS: i64 = HOUR_MS;
/// Largest answer of the mail vendor that is read, in bytes.
pub const MAIL_ANSWER_BYTES: usize = 16 * 1024;
/// How far a webhook's time may lie from ours.
pub const WEBHOOK_TOLERANCE_MS: i64 = 5 * MINUTE_MS;
/// Mails that `/dev/outbox` shows.
pub const DEV_OUTBOX_ROWS: u32 = 50;

// What is counted.

/// How long a visitor may change what they said about a conversation.
pub const SATISFACTION_CHANGE_MS: i64 = HOUR_MS;
/// Longest comment of a visitor about a conversation, in characters: a paragraph.
pub const SATISFACTION_CHARACTERS: usize = 1_000;
/// The smallest cell that is shown once its conversations are gone (promise P3.3).
pub const CELL_LEAST: u32 = 5;
/// Longest period that is counted at once, in days: a year and a leap day. It bounds the rows that one view reads.
pub const NUMBERS_DAYS: i64 = 366;
/// Days that are shown where nobody asks for others.
pub const NUMBERS_DAYS_USUAL: i64 = 30;
/// Cells of gone days that one run of the numbers' job empties, a shard.
pub const NUMBERS_CELLS: u32 = 500;
// The inbox.

/// Rows of one page of the list.
pub const INBOX_ROWS: u32 = 50;
/// Conversations that a page of the list or of a search looks at, so that no filter makes it slow.
pub const INBOX_LOOKS: u32 = 1_000;
/// Cards that a search opens at once: 400 KB at most travel from the database.
pub const SEARCH_CARDS: usize = 100;
/// Up to here conversations of a kind are counted; beyond it the number means nothing to a reader.
pub const INBOX_COUNTED: u32 = 100;
/// Conversations that one bulk action touches: each may wake an object.
pub const BULK_CONVERSATIONS: usize = 50;
/// Labels of one conversation.
pub const CONVERSATION_LABELS: usize = 10;
/// Labels of one business.
pub const LABELS: u32 = 100;
/// Canned replies of one business.
pub const CANNED_REPLIES: u32 = 500;
/// Saved views of one business, everybody's together.
pub const VIEWS: u32 = 500;
/// Notes that one answer shows beside a conversation's messages.
pub const PAGE_NOTES: u32 = 100;
/// Longest wait of a conversation that is put off.
pub const SNOOZE_MS: i64 = 366 * DAY_MS;
/// Words of a business that bring a person at once.
pub const HAND_OFF_TOPICS: usize = 50;
/// Longest shortcut of a canned reply, in characters.
pub const SHORTCUT_CHARACTERS: usize = 30;
/// Most bytes of folded words on a conversation's card.
pub const CARD_BYTES: usize = 4_096;
/// Characters of the newest message that a list shows.
pub const PREVIEW_CHARACTERS: usize = 140;
/// Messages that a card is made from anew, where it has to be.
pub const CARD_MESSAGES: u32 = 200;
/// A visitor who was not heard of for this long has left.
pub const VISITOR_GONE_MS: i64 = 2 * MINUTE_MS;
/// Between two addresses that a visitor leaves in one conversation: each sends a mail to whoever has it.
pub const CONTACT_REST_MS: i64 = MINUTE_MS;
/// Mails a day that ask one address to prove itself, over all conversations and businesses: enough for somebody who
/// mistypes, too few to annoy anybody.
pub const ADDRESS_MAILS_DAY: u8 = 5;
/// Mails a day that bring one address a code for its conversations, over all of them and all businesses.
pub const CODE_MAILS_DAY: u8 = 5;
/// Mails in the copy of somebody who signs in.
pub const COPY_MAILS: u32 = 500;
/// Notes of colleagues in a copy, the latest first.
pub const COPY_NOTES: u32 = 1_000;
/// A code that was mailed opens the privacy centre this long.
pub const MAILED_CODE_MS: i64 = 30 * MINUTE_MS;
/// A link in a mail to a visitor opens something this long.
pub const MAILED_LINK_MS: i64 = 7 * DAY_MS;
/// How old the last recorded sign of a visitor may be before another is written.
pub const VISITOR_TOUCH_MS: i64 = MINUTE_MS;
/// A team member's socket ends after this long and is opened again: whoever lost access keeps it no longer.
pub const DESK_SOCKET_MS: i64 = 15 * MINUTE_MS;
/// Between two counts that an inbox tells while rows change.
pub const INBOX_COUNTS_MS: i64 = 3 * SECOND_MS;
/// Sockets of a team that one conversation holds.
pub const DESK_SOCKETS: usize = 50;
/// Sockets of a team that one inbox holds: a few tabs of each member who works at the same time.
pub const INBOX_SOCKETS: usize = 500;
/// Between two lines of the audit log about one member who reads one conversation.
pub const READ_LINE_MS: i64 = HOUR_MS;
/// Members whom one run of the digests' job looks at; the next hour goes on.
pub const DIGESTS: u32 = 200;
/// Messages of a transcript: longer ones are cut at their beginning and say so.
pub const TRANSCRIPT_MESSAGES: u32 = 2_000;

// Files.

/// Largest file, in bytes: photos, scans, a voice note, a short clip.
pub const FILE_BYTES: u64 = 20 * 1024 * 1024;
/// Files of one message.
pub const FILES_MESSAGE: usize = 5;
/// Files that each side may upload to one conversation within [`FILE_WINDOW_MS`].
pub const FILES_WINDOW: u32 = 30;
/// The window of [`FILES_WINDOW`].
pub const FILE_WINDOW_MS: i64 = DAY_MS;
/// Uploads that one isolate takes at once: each holds up to two parts in memory, of the 128 MB that there are.
pub const FILES_AT_ONCE: usize = 6;
/// When to ask again where all places are taken.
pub const FILES_AT_ONCE_WAIT_S: u32 = 5;
/// From the first byte of an upload to its last. Less than [`ERASURE_SETTLE_MS`]: what began before an erasure is over
/// before that looks for what is left.
pub const FILE_UPLOAD_MS: u64 = 100_000;
/// How much of a refused file is still read, and dropped: closed under whoever sends, a plain connection would break
/// before the refusal is read. What is larger is nobody's mistake.
pub const FILE_REFUSED_BYTES: u64 = 5 * FILE_BYTES;
/// How long a place of an upload is held whose end nobody heard of.
pub const FILE_PLACE_MS: i64 = 2 * MINUTE_MS;
/// An uploaded file can be sent this long; an hour later it may be gone.
pub const FILE_SENDABLE_MS: i64 = 23 * HOUR_MS;
/// A file that was not sent is deleted after this long.
pub const FILE_UNSENT_MS: i64 = DAY_MS;
/// Longest name of a file without its ending, in characters.
pub const FILE_NAME_CHARACTERS: usize = 100;
/// Longest header that carries a file's name: 255 bytes as file systems allow, each encoded.
pub const FILE_NAME_HEADER_BYTES: usize = 3 * 255;
/// Most points of a picture: a browser needs four bytes of memory for each to show it.
pub const FILE_PIXELS: u64 = 100_000_000;
/// Files that one run of the purge deletes, a shard: each is a call to the bucket.
pub const DELETE_FILES: u32 = 200;
/// Thousands of objects that one run of the purge looks through for those that no database names.
pub const FILE_STRETCHES: u32 = 5;
/// Plaintext of one sealed frame of a file: what is held in memory to seal or open it.
pub const FILE_FRAME_BYTES: usize = 64 * 1024;
/// One part of an upload to R2, which takes no smaller one but the last. An upload holds one of them in memory.
pub const FILE_PART_BYTES: usize = 5 * 1024 * 1024;

// What an isolate remembers.

/// How long an isolate may use a site's settings, or where a business lives, without reading them again.
pub const RECENT_MS: i64 = 5 * SECOND_MS;
/// How many of either it remembers.
pub const RECENT_ENTRIES: usize = 64;

// Pages and batches.

/// Messages in one catch-up answer; the client asks again from its new cursor.
pub const PAGE_MESSAGES: u32 = 100;
/// Parameters of one D1 statement (the platform's limit).
pub const SQL_PARAMETERS: usize = 100;
/// Rows an erasure or a purge deletes in one statement, well under D1's 30 s a batch.
pub const DELETE_ROWS: u32 = 500;

/// Statements that the jobs of one cron event make: of the 1,000 that D1 lets one invocation make on a paid plan
/// (<https://developers.cloudflare.com/d1/platform/limits/>, as of April 2026), a tenth is left to what stands around them.
pub const INVOCATION_STATEMENTS: u32 = 900;
/// Calls to the bucket of keys that one run of the replays makes, of the 10,000 subrequests that one invocation may make on a
/// paid plan (<https://developers.cloudflare.com/workers/platform/limits/>).
pub const REPLAY_CALLS: u32 = 3_000;
/// Statements that must be left before a replay does one more act, slab or owner: the act, and keeping how far it came.
pub const REPLAY_ENTRY_STATEMENTS: u32 = 8;
/// Statements that must be left before a replay looks at one more business's root: the erasure of one whose root is gone.
pub const REPLAY_ROOT_STATEMENTS: u32 = 40;
/// Statements that the purge of one site needs at least: so many must be left before it begins with one.
pub const SITE_STATEMENTS: u32 = 16;
/// Statements that condemning one conversation needs at most.
pub const CONDEMN_STATEMENTS: u32 = 8;
/// Statements that one run for one erasure needs at most, but for a business, which stops by itself.
pub const ERASURE_STATEMENTS: u32 = 60;
/// Statements of the job of records that its last classes need: a deletion in each database, and a line in the log.
pub const CLASS_STATEMENTS: u32 = 90;
/// Statements that one slab, or one business with something to tell, needs at most.
pub const SLAB_STATEMENTS: u32 = 8;
/// Statements that one letter with its reasons needs at most: to everybody who leads a business.
pub const LETTER_STATEMENTS: u32 = 30;
/// Statements that one member's digest needs at most.
pub const DIGEST_STATEMENTS: u32 = 12;
/// A job that goes on from run to run has fallen behind after so long without leaving nothing.
pub const JOB_BEHIND_MS: i64 = DAY_MS;
/// How often requests look whether the jobs are late: a cron that is dead can't tell.
pub const JOBS_LOOK_MS: i64 = HOUR_MS;
/// Statements of [`DELETE_ROWS`] that one run of a purge makes for one class or site; the next run goes on.
pub const PURGE_BATCHES: u32 = 40;
/// Sites, or businesses, that a job reads at once.
pub const PURGE_SITES: u32 = 200;
/// Businesses whose root one run of the master key's rotation looks at: at most two operations on the bucket each.
pub const REWRAP_ROOTS: u32 = 1_000;
/// Pages of the list of slabs, up to 1,000 names each, that one run of the sweep looks at.
pub const SWEEP_PAGES: u32 = 10;
/// Conversations of one site that one run of the purge begins to erase; the next hour goes on.
pub const PURGE_CONVERSATIONS: u32 = 200;
/// Erasures that one run of their job takes further, a shard.
pub const ERASURES: u32 = 500;
/// Steps of one erasure in one run: from requested to a second look, and once more round where that found something.
pub const ERASURE_STEPS: u32 = 8;
/// How long one run may hold an erasure: longer than the platform lets a run take.
pub const ERASURE_LEASE_MS: i64 = 16 * MINUTE_MS;
/// Rooms that the erasure of a business empties before it deletes their rows.
pub const ERASURE_ROOMS: u32 = 50;
/// Changes of address that one run of their job applies.
pub const EMAIL_CHANGES: u32 = 100;
/// Slabs that one run of the keys' job touches, a shard: each costs one conditional write.
pub const CONDEMNED_SLABS: u32 = 200;

// Sealing. `docs/sealing.md` says why each number is what it is.

/// Keys in a slab: one R2 object, about 20.6 KB.
pub const SLAB_SLOTS: u16 = 512;
/// Slots leased at once by one isolate.
pub const LEASE_SLOTS: u16 = 8;
/// Opened slabs an isolate keeps.
pub const SLAB_CACHE_ENTRIES: usize = 64;
/// How long an isolate may use an opened slab without reading it again.
pub const SLAB_CACHE_MS: i64 = MINUTE_MS;
/// A conversation's key serves new messages this long at most.
pub const KEY_ROLL_MS: i64 = 30 * DAY_MS;
/// Plaintext is padded to a multiple of this many bytes, so that a length says less.
pub const SEAL_PADDING_BYTES: usize = 64;
/// Least time between two tries of a conditional write to one R2 object (R2 takes one write a second and key).
pub const KEYS_RETRY_MS: u64 = 1_000;
/// Tries of a conditional write before the job gives up until its next run.
pub const KEYS_TRIES: u32 = 8;
/// After keyless, no cache can hold the key any more; only then does verification begin.
pub const ERASURE_SETTLE_MS: i64 = 2 * MINUTE_MS;
/// How long the platform keeps the history of a database: until then a receipt says that ciphertext is still there.
pub const HISTORY_MS: i64 = 30 * DAY_MS;
/// The journal of what a restore must not forget is kept a day longer than the history that can be restored.
pub const JOURNAL_MS: i64 = HISTORY_MS + DAY_MS;
/// How far ahead of the real clock a destructive job's time may be, outside ENV=dev.
pub const CLOCK_AHEAD_MS: i64 = 5 * MINUTE_MS;
