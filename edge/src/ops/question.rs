//! Questions to which nothing was found, and what visitors said: read by whoever answers visitors, and every reading noted.

use shared::id::MessageId;
use shared::limits::PAGE_ENTRIES;
use shared::time::Millis;
use shared::wire::admin::knowledge::WriteKnowledge;
use shared::wire::admin::numbers::{Comment, CommentPage, Question, QuestionPage};
use shared::wire::message::Body;
use shared::wire::problem::Kind;

use super::OpError;
use super::knowledge::knowledge_add;
use super::satisfaction::comment_open;
use super::sealed_message::message_open;
use super::team::line;
use crate::app::App;
use crate::store::audit::{Action, Subject};
use crate::store::scope::MemberScope;
use crate::store::{satisfaction, unanswered};

/// Notes that a member reads what visitors wrote (promise P8.2): before it is opened, so that nothing is read unnoted.
async fn reading_note(app: &App, scope: &MemberScope, action: Action) -> Result<(), OpError> {
    let subject = Subject::new("business", scope.business.business());
    Ok(app.directory.write(line(app, scope, action, subject)?).await?)
}

/// A page of open questions, newest first.
pub async fn questions_read(
    app: &App,
    scope: &MemberScope,
    before: Option<MessageId>,
) -> Result<QuestionPage, OpError> {
    let now = app.clock.now();
    let shard = app.shard(&scope.business)?;
    let sealed = unanswered::questions_page(shard, scope, before, PAGE_ENTRIES).await?;
    if sealed.is_empty() {
        return Ok(QuestionPage { questions: Vec::new(), before: None });
    }
    reading_note(app, scope, Action::QuestionsRead).await?;
    let older = sealed.last().map(|last| last.message.id).filter(|_| sealed.len() >= PAGE_ENTRIES as usize);
    let mut questions = Vec::with_capacity(sealed.len());
    for question in sealed {
        let limit = app.site(question.thread.site).await?.limit();
        if question.message.created_at <= limit.kept_from(now) {
            continue;
        }
        let Some(message) = message_open(app, &question.thread, limit, question.message).await? else {
            continue;
        };
        let Body::Text { text, .. } = message.body else { continue };
        questions.push(Question {
            message: message.id,
            conversation: question.thread.conversation,
            site: question.thread.site,
            locale: question.locale,
            text,
            at: message.at,
            until: message.until,
        });
    }
    Ok(QuestionPage { questions, before: older })
}

/// Proves that an open question is the business's. Fails with `NotFound`.
pub async fn question_own(app: &App, scope: &MemberScope, message: MessageId) -> Result<(), OpError> {
    let shard = app.shard(&scope.business)?;
    if unanswered::question_exists(shard, scope, message).await? {
        Ok(())
    } else {
        Err(Kind::NotFound.into())
    }
}

/// Writes an answer to a question into the knowledge, in the words of whoever answers, and settles the question. Nothing of
/// the visitor's own words is taken over by itself, and nothing leads from the entry to them.
///
/// Fails with `NotFound`, and like adding any entry.
pub async fn question_answer(
    app: &App,
    scope: &MemberScope,
    message: MessageId,
    written: &WriteKnowledge,
) -> Result<(), OpError> {
    question_own(app, scope, message).await?;
    knowledge_add(app, scope, written).await?;
    unanswered::question_settle(app.shard(&scope.business)?, scope, message, app.clock.now()).await?;
    Ok(())
}

/// Puts a question aside. Fails with `NotFound`.
pub async fn question_put_aside(app: &App, scope: &MemberScope, message: MessageId) -> Result<(), OpError> {
    let shard = app.shard(&scope.business)?;
    let settled = unanswered::question_settle(shard, scope, message, app.clock.now()).await?;
    if settled { Ok(()) } else { Err(Kind::NotFound.into()) }
}

/// A page of what visitors said about conversations, newest first.
pub async fn comments_read(
    app: &App,
    scope: &MemberScope,
    before: Option<Millis>,
) -> Result<CommentPage, OpError> {
    let shard = app.shard(&scope.business)?;
    let sealed = satisfaction::comments_page(shard, scope, before, PAGE_ENTRIES).await?;
    if sealed.is_empty() {
        return Ok(CommentPage { comments: Vec::new(), before: None });
    }
    reading_note(app, scope, Action::CommentsRead).await?;
    let older =
        sealed.last().map(|last| last.rating.given_at).filter(|_| sealed.len() >= PAGE_ENTRIES as usize);
    let mut comments = Vec::with_capacity(sealed.len());
    for comment in sealed {
        let limit = app.site(comment.thread.site).await?.limit();
        let Some(text) = comment_open(app, &comment.thread, limit, &comment.rating).await? else { continue };
        comments.push(Comment {
            conversation: comment.thread.conversation,
            site: comment.thread.site,
            score: comment.rating.score,
            text,
            at: comment.rating.given_at,
            until: limit.until(comment.rating.given_at),
        });
    }
    Ok(CommentPage { comments, before: older })
}
