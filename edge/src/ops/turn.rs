//! An AI turn: gather, mask, reserve, stream, unmask, filter, persist, settle.
//!
//! Whatever happens, a turn ends with something that the visitor can read: an answer with its sources, or an honest
//! notice. If no provider is configured, affordable or well, the built-in answerer quotes the business's own words.

use futures::StreamExt;
use shared::id::TurnId;
use shared::limits::{ANSWER_CHARACTERS, HISTORY_MESSAGES, PASSAGES};
use shared::privacy::Personal;
use shared::rules::retention::ConversationLimit;
use shared::time::Millis;
use shared::wire::message::{Body, Message, Notice, Origin, Source};
use shared::wire::problem::Kind;
use shared::wire::widget::State;

use super::card::card_next;
use super::desk::nobody_due_at;
use super::sealed_message::{Place, Words, message_compose, message_key, messages_open};
use super::vendor::{Asked, providers_for};
use super::{Fault, OpError};
use crate::app::App;
use crate::log;
use crate::platform::{Db, DbFault, Statement};
use crate::rules::answer::{self, Entry};
use crate::rules::hand_off;
use crate::rules::links::LinkFilter;
use crate::rules::masking::Masks;
use crate::rules::opening;
use crate::rules::prompt::{self, Prompt, PromptMessage, PromptParts, PromptPassage};
use crate::sealing::SealFault;
use crate::store::ai_use;
use crate::store::budget;
use crate::store::card::{card_find, card_of};
use crate::store::conversation::{self, Conversation};
use crate::store::knowledge::{self, Found, Knowledge};
use crate::store::message::{self as rows, Authorship};
use crate::store::scope::ThreadScope;
use crate::store::site::Site;
use crate::store::thread;
use crate::store::unanswered;
use crate::vendors::{EndReason, ProviderConfig, StreamEvent, VendorFault, answer_stream};

/// The name of the answerer that needs no provider.
pub const BUILTIN: &str = "builtin";

/// Hears the words of a running turn: where they begin, in characters, and the words.
pub type Hear<'a> = &'a dyn Fn(u32, &str);

/// How a thread stands, for whoever wakes up to it.
pub async fn turn_find(app: &App, scope: &ThreadScope) -> Result<Option<Conversation>, OpError> {
    let shard = app.shard(&scope.business)?;
    Ok(conversation::conversation_find(shard, &scope.business, scope.conversation).await?)
}

/// Grants a turn the right to write, if none has it and a machine may speak. Tells whether it did.
pub async fn turn_begin(app: &App, scope: &ThreadScope, turn: TurnId) -> Result<bool, OpError> {
    let shard = app.shard(&scope.business)?;
    let row: Option<serde_json::Value> = shard.row(conversation::turn_begin(scope, turn)).await?;
    Ok(row.is_some())
}

/// Ends a turn that was lost and says so in the thread. `None` where it was not lost after all.
pub async fn turn_give_up(app: &App, scope: &ThreadScope, turn: TurnId) -> Result<Option<Message>, OpError> {
    let gathered = match gather(app, scope).await {
        Err(OpError::Denied(_)) => return Ok(None),
        other => other?,
    };
    let lost = Said {
        words: vec![notice(Notice::AnswerFailed)],
        found_nothing: false,
        settle: Vec::new(),
        outcome: None,
    };
    let ran = persist(app, &gathered, turn, lost).await?;
    Ok(ran.messages.into_iter().next())
}

/// What came of a turn.
#[derive(Default)]
pub struct Ran {
    /// What it wrote into the thread.
    pub messages: Vec<Message>,
    /// It asked for a person, and when the visitor is to be told that nobody has come.
    pub handed_over: Option<Millis>,
}

/// Everything that a turn looks at before it begins.
struct Gathered {
    site: std::sync::Arc<Site>,
    found: Conversation,
    history: Vec<Message>,
    knowledge: Found,
    question: String,
    limit: ConversationLimit,
    now: Millis,
}

/// What a turn has to say.
struct Said {
    words: Vec<Words>,
    /// It asks for something that the business's knowledge does not have.
    found_nothing: bool,
    /// Puts what it cost in the place of what was reserved, and counts it, where providers were asked.
    settle: Vec<Statement>,
    /// How it went; `None` where the turn was lost.
    outcome: Option<hand_off::Outcome>,
}

impl From<(Vec<Words>, hand_off::Outcome)> for Said {
    fn from((words, outcome): (Vec<Words>, hand_off::Outcome)) -> Self {
        Self { words, found_nothing: false, settle: Vec::new(), outcome: Some(outcome) }
    }
}

fn notice(notice: Notice) -> Words {
    Words::of(Origin::System, Body::Notice(notice))
}

/// Runs a turn to its end and returns what it wrote into the thread. Nothing is written where it may not write any
/// more: a person took over, or the conversation is being erased.
pub async fn turn_run(app: &App, scope: &ThreadScope, turn: TurnId, hear: Hear<'_>) -> Result<Ran, OpError> {
    let gathered = match gather(app, scope).await {
        // Erased meanwhile, or held still: there is nobody to answer.
        Err(OpError::Denied(_)) => return Ok(Ran::default()),
        other => other?,
    };
    let said = answer(app, scope, &gathered, hear).await?;
    persist(app, &gathered, turn, said).await
}

async fn gather(app: &App, scope: &ThreadScope) -> Result<Gathered, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let site = app.site(scope.site).await?;
    let limit = site.limit();
    let recent = thread::thread_recent(shard, scope, limit.kept_from(now), HISTORY_MESSAGES).await?;
    let (found, sealed) = recent.ok_or(Kind::NotFound)?;
    // Held still since the turn was granted: no machine reads a word of it any more.
    if found.desk.restricted_at.is_some() {
        return Err(Kind::ConversationRestricted.into());
    }
    let history = messages_open(app, scope, limit, sealed).await?;
    let asked = history.iter().rev().filter(|message| message.origin == Origin::Visitor).filter_map(text_of);
    let question = answer::question_in_context(asked, &found.locale);
    let terms = answer::question_terms(&question, &found.locale);
    let knowledge = knowledge::knowledge_search(shard, &scope.business, &terms).await?;
    Ok(Gathered { site, found, history, knowledge, question, limit, now })
}

impl Gathered {
    fn entries(&self) -> Vec<Entry<'_>> {
        self.knowledge
            .entries
            .iter()
            .map(|Knowledge { locale, title, body, url, .. }| Entry {
                locale,
                title,
                body,
                url: url.as_deref(),
            })
            .collect()
    }

    /// The words of the thread as a provider reads them.
    fn spoken(&self) -> Vec<(Origin, String)> {
        self.history.iter().filter_map(|message| Some((message.origin, spoken(message)?))).collect()
    }

    /// What the visitor wrote last.
    fn newest(&self) -> &str {
        let mut written = self.history.iter().rev().filter(|message| message.origin == Origin::Visitor);
        written.next().and_then(text_of).unwrap_or_default()
    }

    /// The entries worth showing to a model, best first.
    fn passages(&self) -> Vec<&Knowledge> {
        let most = usize::try_from(PASSAGES).unwrap_or(usize::MAX);
        let (entries, total) = (self.entries(), self.knowledge.total);
        let chosen = answer::answer_passages(&self.question, &self.found.locale, &entries, total, most);
        chosen.into_iter().filter_map(|index| self.knowledge.entries.get(index)).collect()
    }
}

impl Gathered {
    /// The visitor asks something, and no entry of the knowledge is about it.
    fn asks_unknown(&self) -> bool {
        self.passages().is_empty() && answer::is_question(&self.question, &self.found.locale)
    }

    /// How surely a provider answered with these words.
    fn outcome_of(&self, words: &[Words]) -> hand_off::Outcome {
        let (entries, total) = (self.entries(), self.knowledge.total);
        let locale = &self.found.locale;
        let fits = answer::answer_quote(&self.question, locale, &entries, total).is_some();
        let said: String = words.iter().filter_map(|words| text_in(&words.body)).collect();
        let ground = hand_off::Ground {
            is_question: answer::is_question(&self.question, locale),
            has_passage: !self.passages().is_empty(),
            fits,
        };
        hand_off::provider_outcome(ground, locale, &said)
    }

    /// The message that this turn answers.
    fn asked(&self) -> Option<&Message> {
        self.history.iter().rev().find(|message| message.origin == Origin::Visitor)
    }
}

/// The thread as a prompt takes it.
fn said(spoken: &[(Origin, String)]) -> Vec<PromptMessage<'_>> {
    spoken.iter().map(|(origin, text)| PromptMessage { origin: *origin, text }).collect()
}

/// Entries as a prompt takes them.
fn quoted<'a>(passages: &[&'a Knowledge]) -> Vec<PromptPassage<'a>> {
    let quote = |entry: &&'a Knowledge| PromptPassage {
        title: &entry.title,
        body: &entry.body,
        url: entry.url.as_deref(),
    };
    passages.iter().map(quote).collect()
}

fn text_of(message: &Message) -> Option<&str> {
    text_in(&message.body)
}

fn text_in(body: &Body) -> Option<&str> {
    match body {
        Body::Text { text, .. } => Some(text.expose()),
        Body::Notice(_) => None,
    }
}

/// The words of a message as a provider reads them. Of files it learns that they are there, and of which type; never
/// what they are called, and never what is in them.
fn spoken(message: &Message) -> Option<String> {
    let text = text_of(message)?;
    if message.attachments.is_empty() {
        return Some(text.to_owned());
    }
    let types: Vec<&str> = message.attachments.iter().map(|file| file.media_type.as_str()).collect();
    let gap = if text.is_empty() { "" } else { "\n" };
    Some(format!("{text}{gap}(Attached, and not to be seen by an AI: {})", types.join(", ")))
}

/// Asks the providers in order, then the built-in answerer.
async fn answer(
    app: &App,
    scope: &ThreadScope,
    gathered: &Gathered,
    hear: Hear<'_>,
) -> Result<Said, OpError> {
    let chosen: Vec<&str> = gathered.site.settings.answerers.iter().map(String::as_str).collect();
    let ready = providers_for(app, &gathered.site).await?;
    let ready: Vec<&Asked> = chosen
        .iter()
        .filter_map(|name| ready.iter().find(|asked| asked.config.provider.name == *name))
        .collect();
    let asked: Vec<&str> = ready.iter().map(|asked| asked.label.as_str()).collect();
    let mut masks = Masks::default();
    let prompt = if asked.is_empty() { None } else { prompt_of(gathered, &mut masks) };
    let Some(prompt) = prompt else { return Ok(builtin(gathered, hear, None)) }; // keeps B13 | without: let Some(prompt) = prompt else { return Err(Kind::Unavailable.into()) };
    let reserved = prompt.tokens();
    let shard = app.shard(&scope.business)?;
    let ceiling = (gathered.site.settings.daily_calls, gathered.site.settings.daily_tokens);
    let room =
        budget::budget_reserve(shard, &scope.business, scope.site, gathered.now, reserved, ceiling).await?;
    if !room {
        let people = opening::people_at(&gathered.site.settings.opening, gathered.now);
        return Ok(builtin(gathered, hear, Some(Notice::CeilingReached(people)))); // keeps B12 | without: let _ = people;
    }
    let (mut spent, mut settle) = (0_u32, Vec::new());
    let mut said = None;
    for name in app.health.order(&asked, gathered.now) {
        let Some(config) = ready.iter().find(|asked| asked.label == name).map(|asked| &asked.config) else {
            continue;
        };
        let outcome = provider_ask(app, config, &prompt, &masks, gathered, hear).await;
        let (tokens_in, tokens_out) = outcome.tokens;
        if outcome.tokens != (0, 0) {
            spent = spent.saturating_add(tokens_in).saturating_add(tokens_out);
            let by = config.provider.name;
            settle.push(ai_use::ai_use_add(scope, by, &config.model, outcome.tokens, gathered.now));
        }
        if let Some(fault) = outcome.fault {
            app.health.failed(name, app.clock.now());
            log::note(config.provider.name, fault.as_str());
        }
        if outcome.words.is_some() {
            said = outcome.words;
            break;
        }
    }
    settle.push(budget::budget_settle(&scope.business, scope.site, gathered.now, reserved, spent));
    let said = match said {
        Some(words) => {
            let outcome = gathered.outcome_of(&words);
            Said { found_nothing: gathered.asks_unknown(), ..(words, outcome).into() }
        }
        None => builtin(gathered, hear, None),
    };
    Ok(Said { settle, ..said })
}

fn prompt_of(gathered: &Gathered, masks: &mut Masks) -> Option<Prompt> {
    let spoken = gathered.spoken();
    let history = said(&spoken);
    let passages = gathered.passages();
    let passages = quoted(&passages);
    let local_time = opening::local_time(&gathered.site.settings.opening, gathered.now);
    let parts = PromptParts {
        business: &gathered.site.business_name,
        instructions: &gathered.site.settings.instructions,
        tone: gathered.site.settings.tone,
        passages: &passages,
        locale: &gathered.found.locale,
        local_time: local_time.as_deref(),
        history: &history,
    };
    prompt::prompt_build(&parts, masks)
}

/// What a draft for a member is asked with: the thread as a turn reads it, what the member has in mind, and where links in
/// the draft may lead. Fails with `NotFound`, `ConversationRestricted`, and with `ValueRefused` where no message of the visitor is kept.
pub(super) async fn draft_prepare(
    app: &App,
    scope: &ThreadScope,
    intent: &str,
    masks: &mut Masks,
) -> Result<(Prompt, Vec<String>), OpError> {
    let gathered = gather(app, scope).await?;
    let spoken = gathered.spoken();
    let history = said(&spoken);
    let local_time = opening::local_time(&gathered.site.settings.opening, gathered.now);
    let instructions = prompt::draft_instructions(&gathered.site.settings.instructions, intent);
    let passages = gathered.passages();
    let parts = PromptParts {
        business: &gathered.site.business_name,
        instructions: &instructions,
        tone: gathered.site.settings.tone,
        passages: &quoted(&passages),
        locale: &gathered.found.locale,
        local_time: local_time.as_deref(),
        history: &history,
    };
    let prompt = prompt::prompt_build(&parts, masks).ok_or(Kind::ValueRefused)?;
    Ok((prompt, link_texts(&gathered, &passages)))
}

/// What became of asking one provider.
struct Outcome {
    /// What it said; `None` where it said nothing, so that another may be asked.
    words: Option<Vec<Words>>,
    /// Tokens that it read and wrote, by its own count or by estimate.
    tokens: (u32, u32),
    fault: Option<VendorFault>,
}

async fn provider_ask(
    app: &App,
    config: &ProviderConfig,
    prompt: &Prompt,
    masks: &Masks,
    gathered: &Gathered,
    hear: Hear<'_>,
) -> Outcome {
    let failed = |fault| Outcome { words: None, tokens: (0, 0), fault: Some(fault) };
    let mut stream = match answer_stream(&app.http, &app.clock, config, prompt).await {
        Ok(stream) => stream,
        Err(fault) => return failed(fault),
    };
    let mut unmasker = masks.unmasker();
    let passages = gathered.passages();
    let mut links = LinkFilter::new(&link_texts(gathered, &passages));
    let mut text = Spoken::new(hear);
    let (mut usage, mut end, mut fault) = (None, None, None);
    while let Some(event) = stream.next().await {
        match event {
            Ok(StreamEvent::Text(words)) => {
                text.say(&links.push(&unmasker.push(&words)));
                if text.is_full() {
                    end = Some(EndReason::TooLong);
                    break;
                }
            }
            Ok(StreamEvent::Usage { tokens_in, tokens_out }) => usage = Some((tokens_in, tokens_out)),
            Ok(StreamEvent::End(reason)) => end = Some(reason),
            Err(broken) => fault = Some(broken),
        }
    }
    // Dropping the stream ends a call that still runs.
    drop(stream);
    text.say(&links.push(&unmasker.finish()));
    text.say(&links.finish());
    let written = u32::try_from(prompt::token_estimate(&text.all)).unwrap_or(u32::MAX);
    let (tokens_in, tokens_out) =
        usage.unwrap_or((prompt.tokens().saturating_sub(shared::limits::ANSWER_TOKENS), written));
    let tokens = (tokens_in, tokens_out);
    if text.all.trim().is_empty() {
        return Outcome { words: None, tokens, fault: fault.or(Some(VendorFault::Broken)) };
    }
    let by = Authorship {
        provider: config.provider.name.to_owned(),
        model: config.model.clone(),
        region: "provider".to_owned(),
        tokens_in,
        tokens_out,
    };
    let body = Body::Text { text: Personal::new(text.all), sources: sources(&passages) };
    let mut words = vec![Words { by: Some(by), ..Words::of(Origin::Ai, body) }];
    if end != Some(EndReason::Complete) {
        words.push(notice(Notice::AnswerCut));
    }
    Outcome { words: Some(words), tokens, fault }
}

/// Where an answer's links may lead: to what its passages name, and to the pages that the chat may stand on.
fn link_texts(gathered: &Gathered, passages: &[&Knowledge]) -> Vec<String> {
    let named = passages.iter().flat_map(|entry| entry.url.iter().chain([&entry.body]));
    named.chain(&gathered.site.settings.allowed_origins).cloned().collect()
}

fn sources(passages: &[&Knowledge]) -> Vec<Source> {
    passages.iter().map(|entry| Source { title: entry.title.clone(), url: entry.url.clone() }).collect()
}

/// The text of an answer as it grows, told as it grows.
struct Spoken<'a> {
    all: String,
    characters: u32,
    hear: Hear<'a>,
}

impl<'a> Spoken<'a> {
    const fn new(hear: Hear<'a>) -> Self {
        Self { all: String::new(), characters: 0, hear }
    }

    fn say(&mut self, words: &str) {
        if words.is_empty() || self.is_full() {
            return;
        }
        (self.hear)(self.characters, words);
        self.all.push_str(words);
        let more = u32::try_from(words.chars().count()).unwrap_or(u32::MAX);
        self.characters = self.characters.saturating_add(more);
    }

    const fn is_full(&self) -> bool {
        self.characters as usize >= ANSWER_CHARACTERS
    }
}

/// The business's own words with their source, or the honest sentence that nothing fits. `ceiling` is said beside
/// them, where the day's room for asking a provider is used up.
fn builtin(gathered: &Gathered, hear: Hear<'_>, ceiling: Option<Notice>) -> Said {
    let people = opening::people_at(&gathered.site.settings.opening, gathered.now);
    let (entries, total) = (gathered.entries(), gathered.knowledge.total);
    let quote = answer::answer_quote(&gathered.question, &gathered.found.locale, &entries, total);
    let Some(quote) = quote else {
        // A greeting asks for nothing, so nothing is missing.
        let is_question = answer::is_question(&gathered.question, &gathered.found.locale);
        let (honest, outcome) = match (is_question, ceiling) {
            (false, _) => (Notice::QuestionAwaited, hand_off::Outcome::Answered),
            (true, None) => (Notice::NothingFound(people), hand_off::Outcome::Missed),
            (true, Some(ceiling)) => (ceiling, hand_off::Outcome::Ceiling),
        };
        return Said { found_nothing: is_question, ..(vec![notice(honest)], outcome).into() };
    };
    let outcome = if ceiling.is_some() { hand_off::Outcome::Ceiling } else { hand_off::Outcome::Answered };
    hear(0, &quote.text);
    let by = Authorship {
        provider: BUILTIN.to_owned(),
        model: "bm25".to_owned(),
        region: "deployment".to_owned(),
        tokens_in: 0,
        tokens_out: 0,
    };
    let body = Body::Text { text: Personal::new(quote.text), sources: quote.sources };
    let quoted = Words { by: Some(by), ..Words::of(Origin::Ai, body) };
    (std::iter::once(quoted).chain(ceiling.map(notice)).collect(), outcome).into()
}

/// What a hand-over says in the thread: in the place of the sentence that nothing fits, and not where the ceiling's own
/// sentence says it already.
fn hand_over_say(gathered: &Gathered, words: &mut Vec<Words>) {
    let people = opening::people_at(&gathered.site.settings.opening, gathered.now);
    let is = |words: &Words, kind: fn(&Notice) -> bool| matches!(&words.body, Body::Notice(notice) if kind(notice));
    if words.iter().any(|words| is(words, |notice| matches!(notice, Notice::CeilingReached(_)))) {
        return;
    }
    words.retain(|words| !is(words, |notice| matches!(notice, Notice::NothingFound(_))));
    words.push(notice(Notice::HandedOver(people)));
}

/// Writes what a turn has to say, settles what it cost and ends it, in one batch.
async fn persist(app: &App, gathered: &Gathered, turn: TurnId, said: Said) -> Result<Ran, OpError> {
    let scope = &gathered.found.scope;
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let Said { mut words, found_nothing, settle, outcome } = said;
    let decision = match outcome.filter(|_| gathered.found.state == State::Ai) {
        Some(outcome) => {
            let settings = app.hand_off(&scope.business).await?;
            Some(hand_off::decide(&settings, gathered.newest(), outcome, gathered.found.desk.misses))
        }
        None => None,
    };
    let hands_over = decision.is_some_and(|decision| decision.hands_over);
    if hands_over {
        hand_over_say(gathered, &mut words);
    }
    let (key, mut statements) = match message_key(app, &gathered.found, gathered.limit, now).await {
        Err(OpError::Fault(Fault::Seal(SealFault::Destroyed))) => {
            return settled(shard, settle).await;
        }
        other => other?,
    };
    let mut kept = Vec::with_capacity(words.len());
    for (index, words) in words.into_iter().enumerate() {
        let words = Words { turn: Some(turn), ..words };
        let (row, message) = message_compose(app, scope, &key, gathered.limit, now, words)?;
        let place = statements.len();
        statements.push(if index == 0 {
            rows::turn_message_insert(scope, turn, row)
        } else {
            rows::turn_notice_insert(scope, turn, row)
        });
        if matches!(message.body, Body::Text { .. }) {
            let before = card_of(&shard.batch(vec![card_find(scope)]).await?, 0)?;
            let limit = (gathered.limit, now);
            statements.extend(card_next(app, scope, &key, limit, &before, &message).await?);
        }
        kept.push((place, message));
    }
    if let Some(question) = gathered.asked().filter(|_| found_nothing) {
        statements.push(unanswered::unanswered_insert(scope, turn, question.id));
    }
    let due_at = nobody_due_at(app, scope, now).await?;
    let note_at = statements.len();
    if let Some(decision) = decision {
        let misses = if hands_over { 0 } else { decision.misses };
        statements.push(conversation::turn_note(scope, turn, misses, hands_over.then_some((now, due_at))));
    }
    statements.push(conversation::turn_end(scope, turn));
    statements.extend(settle.clone());
    let batch = match shard.batch(statements).await {
        // The key was condemned, or the turn has its outcome already: nothing more is written.
        Err(DbFault::Refused(_) | DbFault::Duplicate) => return settled(shard, settle).await,
        other => other?,
    };
    let mut messages = Vec::with_capacity(kept.len());
    for (place, message) in kept {
        let Some(Place { sequence }) = batch.row(place)? else { continue };
        messages.push(Message { sequence, ..message });
    }
    let noted = decision.is_some() && batch.row::<serde_json::Value>(note_at)?.is_some();
    Ok(Ran { messages, handed_over: (noted && hands_over).then_some(due_at) })
}

/// What a turn cost is settled also where it may write nothing.
async fn settled(shard: &Db, settle: Vec<Statement>) -> Result<Ran, OpError> {
    if !settle.is_empty() {
        shard.batch(settle).await?;
    }
    Ok(Ran::default())
}
