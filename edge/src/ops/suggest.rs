//! Words that a machine suggests to a member: a draft of an answer, a translation. Nothing of it is kept or sent by itself.
//! What leaves for the provider is masked as in a turn, counts against the same ceiling, and stands in the same numbers.

use futures::StreamExt;
use shared::limits::{ANSWER_CHARACTERS, ANSWER_TOKENS, MESSAGE_CHARACTERS};
use shared::privacy::Personal;
use shared::rules::language::language_primary;
use shared::time::{DAY_MS, SECOND_MS};
use shared::wire::admin::inbox::deed::{AskDraft, AskTranslation, Suggestion};
use shared::wire::message::AiMark;
use shared::wire::problem::Kind;

use super::OpError;
use super::turn::draft_prepare;
use super::vendor::{Asked, providers_for};
use crate::app::App;
use crate::log;
use crate::rules::links::LinkFilter;
use crate::rules::masking::Masks;
use crate::rules::prompt::{self, Prompt};
use crate::store::scope::ThreadScope;
use crate::store::site::Site;
use crate::store::{ai_use, budget, rights};
use crate::vendors::{ProviderConfig, StreamEvent, VendorFault, answer_stream};

/// A draft of an answer to what the visitor wrote last.
///
/// Fails with `NoProvider` where none is set up for the site, `RateLimited` where the day's ceiling is reached, `Unavailable`
/// where no provider answers, `ValueRefused` where the visitor wrote nothing that is kept, `ConversationRestricted` and
/// `NotFound`.
pub async fn draft_suggest(app: &App, scope: &ThreadScope, ask: &AskDraft) -> Result<Suggestion, OpError> {
    let intent = ask.intent.as_ref().map(|intent| intent.expose().as_str()).unwrap_or_default();
    if intent.chars().nth(MESSAGE_CHARACTERS).is_some() {
        return Err(Kind::MessageTooLong.into());
    }
    let (site, providers) = asked(app, scope).await?;
    let mut masks = Masks::default();
    let (prompt, links) = draft_prepare(app, scope, intent, &mut masks).await?;
    provider_ask(app, scope, (&site, &providers), (&prompt, &masks), Some(&links)).await
}

/// A translation of words that the member shows it. Fails as [`draft_suggest`] does, and with `ValueRefused` where the
/// language is none.
pub async fn translation_suggest(
    app: &App,
    scope: &ThreadScope,
    ask: &AskTranslation,
) -> Result<Suggestion, OpError> {
    let into = language_primary(&ask.into).ok_or(Kind::ValueRefused)?;
    let text = ask.text.expose().trim();
    if text.is_empty() {
        return Err(Kind::MessageEmpty.into());
    }
    // An answer of a machine may be longer than a visitor's message.
    if text.chars().nth(ANSWER_CHARACTERS).is_some() {
        return Err(Kind::MessageTooLong.into());
    }
    let (site, providers) = asked(app, scope).await?;
    let mut masks = Masks::default();
    let prompt = prompt::translation_build(text, &into, &mut masks);
    provider_ask(app, scope, (&site, &providers), (&prompt, &masks), None).await
}

/// The providers that may be asked on a site and are set up, in the site's order.
pub(super) async fn suggesters(app: &App, site: &Site) -> Result<Vec<Asked>, OpError> {
    let mut ready = providers_for(app, site).await?;
    let rank =
        |asked: &Asked| site.settings.answerers.iter().position(|name| name == asked.config.provider.name);
    ready.retain(|asked| rank(asked).is_some());
    ready.sort_by_key(rank);
    Ok(ready)
}

/// Whom to ask about a conversation that may be processed.
async fn asked(app: &App, scope: &ThreadScope) -> Result<(std::sync::Arc<Site>, Vec<Asked>), OpError> {
    // What its visitor had held still is shown to no machine.
    if rights::is_restricted(app.shard(&scope.business)?, scope).await? {
        return Err(Kind::ConversationRestricted.into());
    }
    let site = app.site(scope.site).await?;
    let providers = suggesters(app, &site).await?;
    if providers.is_empty() { Err(Kind::NoProvider.into()) } else { Ok((site, providers)) }
}

async fn provider_ask(
    app: &App,
    scope: &ThreadScope,
    (site, providers): (&Site, &[Asked]),
    (prompt, masks): (&Prompt, &Masks),
    links: Option<&[String]>,
) -> Result<Suggestion, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let reserved = prompt.tokens();
    let ceiling = (site.settings.daily_calls, site.settings.daily_tokens);
    if !budget::budget_reserve(shard, &scope.business, scope.site, now, reserved, ceiling).await? {
        let wait_ms = DAY_MS.saturating_sub(now.as_i64().rem_euclid(DAY_MS));
        let wait_s = wait_ms.div_euclid(SECOND_MS).saturating_add(1);
        return Err(OpError::rate_limited(u32::try_from(wait_s).unwrap_or(u32::MAX)));
    }
    let labels: Vec<&str> = providers.iter().map(|asked| asked.label.as_str()).collect();
    let (mut spent, mut settle, mut said) = (0_u32, Vec::new(), None);
    for label in app.health.order(&labels, now) {
        let Some(asked) = providers.iter().find(|asked| asked.label == label) else { continue };
        let config = &asked.config;
        let (text, tokens, fault) = read(app, config, (prompt, masks), links).await;
        if tokens != (0, 0) {
            spent = spent.saturating_add(tokens.0).saturating_add(tokens.1);
            settle.push(ai_use::ai_use_add(scope, config.provider.name, &config.model, tokens, now));
        }
        if let Some(fault) = fault {
            app.health.failed(label, app.clock.now());
            log::note(config.provider.name, fault.as_str());
        }
        if let Some(text) = text {
            let ai = AiMark { provider: config.provider.name.to_owned(), model: config.model.clone() };
            said = Some(Suggestion { text: Personal::new(text), ai });
            break;
        }
    }
    settle.push(budget::budget_settle(&scope.business, scope.site, now, reserved, spent));
    shard.batch(settle).await?;
    Ok(said.ok_or(Kind::Unavailable)?)
}

/// What one provider says, whole, and what it used. No text where it said nothing or broke off: half a draft is none.
async fn read(
    app: &App,
    config: &ProviderConfig,
    (prompt, masks): (&Prompt, &Masks),
    links: Option<&[String]>,
) -> (Option<String>, (u32, u32), Option<VendorFault>) {
    let mut stream = match answer_stream(&app.http, &app.clock, config, prompt).await {
        Ok(stream) => stream,
        Err(fault) => return (None, (0, 0), Some(fault)),
    };
    let mut unmasker = masks.unmasker();
    let (mut text, mut usage, mut fault) = (String::new(), None, None);
    while let Some(event) = stream.next().await {
        match event {
            Ok(StreamEvent::Text(words)) => text.push_str(&unmasker.push(&words)),
            Ok(StreamEvent::Usage { tokens_in, tokens_out }) => usage = Some((tokens_in, tokens_out)),
            Ok(StreamEvent::End(_)) => {}
            Err(broken) => fault = Some(broken),
        }
        if text.chars().nth(ANSWER_CHARACTERS).is_some() {
            break;
        }
    }
    // Dropping the stream ends a call that still runs.
    drop(stream);
    text.push_str(&unmasker.finish());
    let written = u32::try_from(prompt::token_estimate(&text)).unwrap_or(u32::MAX);
    let tokens = usage.unwrap_or((prompt.tokens().saturating_sub(ANSWER_TOKENS), written));
    if let Some(links) = links {
        let mut filter = LinkFilter::new(links);
        let kept = filter.push(&text);
        text = kept + &filter.finish();
    }
    let text = text.trim().to_owned();
    let fault = fault.or_else(|| text.is_empty().then_some(VendorFault::Broken));
    (fault.is_none().then_some(text), tokens, fault)
}
