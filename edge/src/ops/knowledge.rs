//! What a business knows about itself: written, deleted and tried out by its team.

use shared::id::KnowledgeId;
use shared::limits::{
    KNOWLEDGE_CHARACTERS, KNOWLEDGE_ENTRIES, KNOWLEDGE_TITLE_CHARACTERS, LINE_CHARACTERS, MESSAGE_CHARACTERS,
    PASSAGES,
};
use shared::rules::language::language_primary;
use shared::rules::person::{block_text, line_text};
use shared::wire::admin::knowledge::{
    KnowledgePage, KnowledgePassage, KnowledgeTrial, TryKnowledge, WriteKnowledge, WrittenKnowledge,
};
use shared::wire::problem::Kind;

use super::OpError;
use super::team::line;
use crate::app::App;
use crate::platform::http::origin_of;
use crate::rules::answer::{self, Entry};
use crate::store::audit::{Action, Subject};
use crate::store::knowledge::{NewKnowledge, knowledge_delete, knowledge_search};
use crate::store::knowledge_edit::{self, KnowledgeFilter};
use crate::store::scope::MemberScope;

/// A page of entries, newest first: those that hold `filter`'s words.
pub async fn knowledge_list(
    app: &App,
    scope: &MemberScope,
    filter: &KnowledgeFilter,
) -> Result<KnowledgePage, OpError> {
    let shard = app.shard(&scope.business)?;
    let (entries, total, before) = knowledge_edit::knowledge_page(shard, scope, filter).await?;
    Ok(KnowledgePage { entries, total, most: KNOWLEDGE_ENTRIES, before })
}

/// Takes an entry as it may be kept. Fails with `ValueRefused`.
fn text_take(text: &WriteKnowledge) -> Result<WriteKnowledge, OpError> {
    let url = text.url.as_deref().map(str::trim).filter(|url| !url.is_empty());
    let url = url.map(|url| line_text(url, LINE_CHARACTERS).ok_or(Kind::ValueRefused)).transpose()?;
    if url.as_deref().is_some_and(|url| !url.starts_with("https://") || origin_of(url).is_none()) {
        return Err(Kind::ValueRefused.into());
    }
    let body = block_text(&text.body, KNOWLEDGE_CHARACTERS).filter(|body| !body.is_empty());
    Ok(WriteKnowledge {
        locale: language_primary(&text.locale).ok_or(Kind::ValueRefused)?,
        title: line_text(&text.title, KNOWLEDGE_TITLE_CHARACTERS).ok_or(Kind::ValueRefused)?,
        body: body.ok_or(Kind::ValueRefused)?,
        url,
    })
}

fn indexed(id: KnowledgeId, text: WriteKnowledge) -> NewKnowledge {
    NewKnowledge {
        id,
        terms: answer::index_terms(&text.locale, &text.title, &text.body),
        locale: text.locale,
        title: text.title,
        body: text.body,
        url: text.url,
    }
}

/// Notes a deed in the log, which is another database: before the deed, so that none goes unnoted.
async fn note(app: &App, scope: &MemberScope, action: Action, id: KnowledgeId) -> Result<(), OpError> {
    Ok(app.directory.write(line(app, scope, action, Subject::new("knowledge", id))?).await?)
}

/// Adds an entry. Fails with `ValueRefused`, `TooMany` and `TitleTaken`.
pub async fn knowledge_add(
    app: &App,
    scope: &MemberScope,
    text: &WriteKnowledge,
) -> Result<WrittenKnowledge, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let new = indexed(KnowledgeId::mint(now, app.rng.bytes()?), text_take(text)?);
    if knowledge_edit::knowledge_total(shard, scope).await? >= KNOWLEDGE_ENTRIES {
        return Err(Kind::TooMany.into());
    }
    if knowledge_edit::title_taken(shard, scope, &new).await? {
        return Err(Kind::TitleTaken.into());
    }
    note(app, scope, Action::KnowledgeAdd, new.id).await?;
    knowledge_edit::knowledge_add(shard, scope, &new, now).await?;
    Ok(WrittenKnowledge { id: new.id })
}

/// Proves that an entry is the business's. Fails with `NotFound`.
pub async fn knowledge_own(app: &App, scope: &MemberScope, id: KnowledgeId) -> Result<(), OpError> {
    let shard = app.shard(&scope.business)?;
    if knowledge_edit::knowledge_exists(shard, scope, id).await? {
        Ok(())
    } else {
        Err(Kind::NotFound.into())
    }
}

/// Changes an entry. Fails with `NotFound`, `ValueRefused` and `TitleTaken`.
pub async fn knowledge_change(
    app: &App,
    scope: &MemberScope,
    id: KnowledgeId,
    text: &WriteKnowledge,
) -> Result<(), OpError> {
    knowledge_own(app, scope, id).await?;
    let shard = app.shard(&scope.business)?;
    let new = indexed(id, text_take(text)?);
    if knowledge_edit::title_taken(shard, scope, &new).await? {
        return Err(Kind::TitleTaken.into());
    }
    note(app, scope, Action::KnowledgeChange, id).await?;
    Ok(knowledge_edit::knowledge_change(shard, scope, &new, app.clock.now()).await?)
}

/// Deletes an entry. Fails with `NotFound`.
pub async fn knowledge_remove(app: &App, scope: &MemberScope, id: KnowledgeId) -> Result<(), OpError> {
    knowledge_own(app, scope, id).await?;
    note(app, scope, Action::KnowledgeDelete, id).await?;
    Ok(knowledge_delete(app.shard(&scope.business)?, &scope.business, id).await?) // keeps K9 | without: Ok(())
}

/// Tries a question: what an AI provider would be shown, and what the built-in answerer says. Nothing is kept, and no
/// provider is asked. Fails with `ValueRefused`.
pub async fn knowledge_try(
    app: &App,
    scope: &MemberScope,
    trial: &TryKnowledge,
) -> Result<KnowledgeTrial, OpError> {
    let question = block_text(&trial.question, MESSAGE_CHARACTERS).filter(|question| !question.is_empty());
    let question = question.ok_or(Kind::ValueRefused)?;
    let locale = language_primary(&trial.locale).ok_or(Kind::ValueRefused)?;
    let terms = answer::question_terms(&question, &locale);
    let found = knowledge_search(app.shard(&scope.business)?, &scope.business, &terms).await?;
    let entries: Vec<Entry<'_>> = found
        .entries
        .iter()
        .map(|entry| Entry {
            locale: &entry.locale,
            title: &entry.title,
            body: &entry.body,
            url: entry.url.as_deref(),
        })
        .collect();
    let most = usize::try_from(PASSAGES).unwrap_or(usize::MAX);
    let chosen = answer::answer_passages(&question, &locale, &entries, found.total, most);
    let passages = chosen
        .into_iter()
        .filter_map(|index| found.entries.get(index))
        .map(|entry| KnowledgePassage {
            id: entry.id,
            locale: entry.locale.clone(),
            title: entry.title.clone(),
        })
        .collect();
    let quote = answer::answer_quote(&question, &locale, &entries, found.total);
    let (answer, sources) = quote.map_or((None, Vec::new()), |quote| (Some(quote.text), quote.sources));
    Ok(KnowledgeTrial { passages, answer, sources })
}
