//! What a business counts: exact while conversations live, their questions and comments, and what leaves as a file.

use edge::platform::Http;
use edge::platform::http::{HttpFault, Response};
use http::StatusCode;
use serde_json::{Value, json};
use shared::time::{DAY_MS, HOUR_MS};
use shared::wire::admin::audit::AuditPage;
use shared::wire::admin::numbers::{CommentPage, Median, Numbers, QuestionPage, Tally};
use shared::wire::problem::Kind;
use shared::wire::satisfaction::Asked;
use tests::{Deployment, NOW, Options, Person, Visitor, business_id, site_id};

/// Somebody who owns business 0, which visitors write to.
async fn owner(deployment: &Deployment) -> Person<'_> {
    let mut owner = Person::new(deployment, "owner@one.example");
    owner.sign_up("elsewhere").await;
    let account = owner.me().await.account;
    deployment
        .directory
        .with_connection(|connection| {
            let sql =
                "INSERT INTO membership (business, account, role, created_at) VALUES (?1, ?2, 'owner', 0)";
            connection.execute(sql, [business_id(0).to_string(), account.to_string()]).unwrap();
        })
        .unwrap();
    owner
}

fn path(rest: &str) -> String {
    format!("/v1/admin/businesses/{}{rest}", business_id(0))
}

async fn numbers(owner: &mut Person<'_>, query: &str) -> Numbers {
    let answer = owner.send("GET", &path(&format!("/numbers{query}")), None).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    answer.json()
}

fn exact(count: u32) -> Tally {
    Tally { count, hidden: false }
}

async fn rate(deployment: &Deployment, visitor: &Visitor<'_>, body: Value) -> tests::Answer {
    let (conversation, token) = visitor.thread.clone().unwrap();
    let path = format!("/v1/widget/conversations/{conversation}/satisfaction");
    deployment.send("POST", &path, Some(&token), Some(body)).await
}

async fn asked(deployment: &Deployment, visitor: &Visitor<'_>) -> Asked {
    let (conversation, token) = visitor.thread.clone().unwrap();
    let path = format!("/v1/widget/conversations/{conversation}/satisfaction");
    deployment.send("GET", &path, Some(&token), None).await.json()
}

fn answering(tokens_in: u32, tokens_out: u32) -> (Vec<(&'static str, String)>, Http) {
    let stream = format!(
        "data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"At seven.\"}}}}]}}\n\n\
         data: {{\"choices\":[{{\"index\":0,\"delta\":{{}},\"finish_reason\":\"stop\"}}]}}\n\n\
         data: {{\"choices\":[],\"usage\":{{\"prompt_tokens\":{tokens_in},\"completion_tokens\":{tokens_out}}}}}\n\n\
         data: [DONE]\n\n"
    );
    let http = Http::scripted(vec!["http://127.0.0.1:9".into()], move |_| {
        let chunk = Ok::<_, HttpFault>(stream.clone().into_bytes());
        Ok(Response { status: 200, retry_after_s: None, chunks: Box::pin(futures::stream::iter([chunk])) })
    });
    let variables = [("OPENAI_API_KEY", "test-key"), ("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")];
    (variables.map(|(name, value)| (name, value.to_owned())).to_vec(), http)
}

#[tokio::test]
async fn living_conversations_are_counted_exactly_by_day_and_site() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut owner = owner(&deployment).await;
    for (day, text) in [(0, "When is breakfast?"), (0, "Do you sell submarines?"), (1, "When is breakfast?")]
    {
        deployment.clock.wind(NOW.plus_ms(day * DAY_MS));
        let mut visitor = Visitor::at(&deployment, 0).await;
        visitor.write(text).await;
        deployment.settle().await;
        if text.contains("submarines") {
            let (conversation, token) = visitor.thread.clone().unwrap();
            let path = format!("/v1/widget/conversations/{conversation}/person");
            deployment.send("POST", &path, Some(&token), None).await;
        }
    }
    let mut stranger = Visitor::at(&deployment, 1).await;
    stranger.write("When is breakfast?").await;
    deployment.settle().await;

    let month = numbers(&mut owner, "").await;
    assert_eq!((month.from.as_str(), month.to.as_str(), month.days.len()), ("2026-10-24", "2026-11-22", 30));
    let total = month.total;
    assert_eq!(total.conversations, exact(3), "another business's stay with it");
    assert_eq!((total.by_ai, total.handed_over, total.unanswered), (exact(2), exact(1), exact(1)));
    assert_eq!(total.answer, Some(Median { ms: 0, is_step: false }));
    assert_eq!(total.person, None, "nobody answered yet");
    let days: Vec<(&str, u32)> = month
        .days
        .iter()
        .rev()
        .take(3)
        .map(|day| (day.day.as_str(), day.figures.conversations.count))
        .collect();
    assert_eq!(days, [("2026-11-22", 1), ("2026-11-21", 2), ("2026-11-20", 0)]);
    assert_eq!(month.sites.len(), 1);
    assert_eq!((month.sites[0].site, month.sites[0].figures.conversations), (site_id(0), exact(3)));
    assert_eq!(month.open_questions, Some(1));

    let day = numbers(&mut owner, "?from=2026-11-22&to=2026-11-22").await;
    assert_eq!((day.days.len(), day.total.conversations), (1, exact(1)));
    let site = numbers(&mut owner, &format!("?site={}", site_id(0))).await;
    assert_eq!(site.total.conversations, exact(3));
    let foreign = owner.send("GET", &path(&format!("/numbers?site={}", site_id(1))), None).await;
    assert_eq!(foreign.problem(), Kind::NotFound);
    for wrong in ["?from=2026-11-31", "?from=yesterday", "?from=2026-11-22&to=2026-11-21", "?from=2020-01-01"]
    {
        let answer = owner.send("GET", &path(&format!("/numbers{wrong}")), None).await;
        assert_eq!(answer.problem(), Kind::ValueRefused, "{wrong}");
    }
}

#[tokio::test]
async fn medians_are_those_of_the_rows() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut owner = owner(&deployment).await;
    let mut seconds = [3, 60, 5, 11].into_iter();
    for wait in seconds.by_ref() {
        let mut visitor = Visitor::at(&deployment, 0).await;
        visitor.write("When is breakfast?").await;
        deployment.settle().await;
        let (conversation, _) = visitor.thread.clone().unwrap();
        deployment.shards[0]
            .with_connection(|connection| {
                let sql = "UPDATE conversation_numbers SET answer_ms = ?2, person_ms = ?2 * 10 WHERE conversation = ?1";
                connection.execute(sql, (conversation.to_string(), wait * 1_000)).unwrap();
            })
            .unwrap();
    }
    let month = numbers(&mut owner, "").await;
    assert_eq!(month.total.answer, Some(Median { ms: 8_000, is_step: false }), "between 5 and 11");
    assert_eq!(month.total.person, Some(Median { ms: 80_000, is_step: false }));
    assert_eq!(month.days[29].figures.answer.unwrap().ms, 8_000);
    assert_eq!(month.days[28].figures.answer, None);
    assert_eq!(month.sites[0].figures.answer.unwrap().ms, 8_000);
}

#[tokio::test]
async fn tokens_and_money_are_exact_also_where_an_answer_came_too_late() {
    let (variables, http) = answering(1_000, 50);
    let deployment = Deployment::with_two_businesses(Options { variables, http, ..Options::default() }).await;
    let mut owner = owner(&deployment).await;
    for _ in 0..2 {
        let mut visitor = Visitor::at(&deployment, 0).await;
        visitor.write("When is breakfast?").await;
        deployment.settle().await;
    }
    // The turn is taken away while the provider writes: what it says is not kept, what it cost is.
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("When is breakfast?").await;
    let (conversation, _) = visitor.thread.clone().unwrap();
    deployment.shards[0]
        .with_connection(|connection| {
            let sql = "UPDATE conversation SET state = 'human', turn = NULL WHERE id = ?1";
            connection.execute(sql, [conversation.to_string()]).unwrap();
        })
        .unwrap();
    deployment.settle().await;
    assert_eq!(visitor.read_after(1).await.messages.len(), 0);

    let month = numbers(&mut owner, "").await;
    assert_eq!(month.models.len(), 1);
    let model = &month.models[0];
    assert_eq!((model.calls, model.tokens_in, model.tokens_out), (3, 3_000, 150));
    assert_eq!(model.model, "gpt-4.1-mini");
    assert_eq!(model.microcents, Some(3_000 * 40 + 150 * 160));
    assert!(model.listed_on.is_some());
    let tokens: u64 = month.days.iter().map(|day| day.tokens).sum();
    assert_eq!(tokens, 3_150);
    let money: u64 = month.days.iter().filter_map(|day| day.microcents).sum();
    assert_eq!(Some(money), model.microcents, "the days add up to the model");
    let mut quiet = month.days.iter().filter(|day| day.tokens == 0);
    assert!(quiet.all(|day| day.microcents.is_none()));
}

#[tokio::test]
async fn what_a_model_costs_that_no_list_has_is_not_known() {
    let (mut variables, http) = answering(10, 5);
    variables.push(("OPENAI_MODEL", "house-model".into()));
    let deployment = Deployment::with_two_businesses(Options { variables, http, ..Options::default() }).await;
    let mut owner = owner(&deployment).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("When is breakfast?").await;
    deployment.settle().await;
    let month = numbers(&mut owner, "").await;
    assert_eq!((month.models[0].tokens_in, month.models[0].microcents), (10, None));
    assert!(month.days.iter().all(|day| day.microcents.is_none()), "nor of a day");
}

#[tokio::test]
async fn whoever_was_told_that_nothing_was_found_may_say_how_content_they_are() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Do you sell submarines?").await;
    deployment.settle().await;
    assert!(asked(&deployment, &visitor).await.ask);
    assert_eq!(rate(&deployment, &visitor, json!({ "score": 1 })).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_visitor_says_once_how_content_they_were_and_may_change_it_for_an_hour() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut owner = owner(&deployment).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("When is breakfast?").await;
    assert!(!asked(&deployment, &visitor).await.ask, "nobody has answered yet");
    assert_eq!(rate(&deployment, &visitor, json!({ "score": 4 })).await.problem(), Kind::NotFound);
    deployment.settle().await;
    assert!(asked(&deployment, &visitor).await.ask);
    for score in [0, 6, 255] {
        let answer = rate(&deployment, &visitor, json!({ "score": score })).await;
        assert_eq!(answer.problem(), Kind::ValueRefused);
    }
    let long = json!({ "score": 5, "comment": "a".repeat(1_001) });
    assert_eq!(rate(&deployment, &visitor, long).await.problem(), Kind::MessageTooLong);
    assert_eq!(rate(&deployment, &visitor, json!({ "score": 2 })).await.status, StatusCode::NO_CONTENT);
    let second = json!({ "score": 5, "comment": "  The lime trees!  " });
    assert_eq!(rate(&deployment, &visitor, second).await.status, StatusCode::NO_CONTENT);
    let given = asked(&deployment, &visitor).await.given.unwrap();
    assert_eq!((given.score, given.comment.unwrap().into_exposed()), (5, "The lime trees!".to_owned()));

    let scores = numbers(&mut owner, "").await.total.scores;
    assert_eq!((scores.given, scores.mean_hundredths), (exact(1), Some(500)));
    let page: CommentPage = owner.send("GET", &path("/numbers/comments"), None).await.json();
    assert_eq!((page.comments.len(), page.comments[0].score), (1, 5));
    assert_eq!(page.comments[0].text.expose(), "The lime trees!");
    assert_eq!(page.comments[0].until, NOW.plus_months(12));

    deployment.clock.wind(NOW.plus_ms(HOUR_MS));
    assert!(!asked(&deployment, &visitor).await.ask);
    assert_eq!(rate(&deployment, &visitor, json!({ "score": 1 })).await.problem(), Kind::SatisfactionGiven);
    let other = Visitor::at(&deployment, 0).await;
    let (conversation, _) = visitor.thread.clone().unwrap();
    let path = format!("/v1/widget/conversations/{conversation}/satisfaction");
    let stranger = deployment.send("POST", &path, Some(&other.token), Some(json!({ "score": 1 }))).await;
    assert_eq!(stranger.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_question_without_an_answer_is_opened_noted_and_becomes_knowledge() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut owner = owner(&deployment).await;
    for text in ["Do you sell submarines?", "Hello!", "When is breakfast?", "Is there a zeppelin mast?"] {
        let mut visitor = Visitor::at(&deployment, 0).await;
        deployment.clock.wind(deployment.clock.now().plus_ms(1_000));
        visitor.write(text).await;
        deployment.settle().await;
    }
    let questions = |page: &QuestionPage| -> Vec<String> {
        page.questions.iter().map(|question| question.text.expose().clone()).collect()
    };
    let page: QuestionPage = owner.send("GET", &path("/questions"), None).await.json();
    assert_eq!(questions(&page), ["Is there a zeppelin mast?", "Do you sell submarines?"], "newest first");
    let log: AuditPage = owner.send("GET", &path("/audit"), None).await.json();
    assert!(log.entries.iter().any(|entry| entry.action == "questions_read"), "reading is noted");

    let [zeppelin, submarine] = [page.questions[0].message, page.questions[1].message];
    let form =
        json!({ "locale": "en", "title": "Zeppelins", "body": "The mast stands behind the lime trees." });
    let answer = owner.send("POST", &path(&format!("/questions/{zeppelin}/answer")), Some(form)).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    let aside = owner.send("DELETE", &path(&format!("/questions/{submarine}")), None).await;
    assert_eq!(aside.status, StatusCode::NO_CONTENT);
    let page: QuestionPage = owner.send("GET", &path("/questions"), None).await.json();
    assert_eq!(page.questions.len(), 0);
    assert_eq!(numbers(&mut owner, "").await.total.unanswered, exact(2), "that nothing was found stays true");
    let again = owner.send("DELETE", &path(&format!("/questions/{submarine}")), None).await;
    assert_eq!(again.problem(), Kind::NotFound);

    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("Is there a zeppelin mast?").await;
    deployment.settle().await;
    let transcript = visitor.transcript().await;
    assert!(transcript[1].1.contains("behind the lime trees"), "{transcript:?}");
}

#[tokio::test]
async fn tables_leave_as_files_without_formulas() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut owner = owner(&deployment).await;
    deployment
        .directory
        .with_connection(|connection| {
            let sql = "UPDATE site SET name = '=HYPERLINK(\"https://evil.example\")' WHERE id = ?1";
            connection.execute(sql, [site_id(0).to_string()]).unwrap();
        })
        .unwrap();
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("When is breakfast?").await;
    deployment.settle().await;
    let file = |rest: &str| path(&format!("/numbers/export?{rest}&from=2026-11-20&to=2026-11-22"));
    let days = owner.send("GET", &file("table=days&format=csv"), None).await;
    assert_eq!(days.headers["content-type"], "text/csv; charset=utf-8");
    let disposition = days.headers["content-disposition"].to_str().unwrap().to_owned();
    assert_eq!(disposition, "attachment; filename=\"loquet-days-2026-11-20-2026-11-22.csv\"");
    let lines: Vec<String> = days.text().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(lines[2].starts_with("2026-11-21,1,1,0,0,0,"), "{}", lines[2]);
    let sites = owner.send("GET", &file("table=sites&format=csv"), None).await.text();
    assert!(sites.contains("\"'=HYPERLINK"), "{sites}");
    let models: Value = owner.send("GET", &file("table=models&format=json"), None).await.json();
    assert_eq!(models, json!([]));
    for wrong in ["table=people&format=csv", "table=days&format=xlsx"] {
        assert_eq!(owner.send("GET", &file(wrong), None).await.problem(), Kind::ValueRefused, "{wrong}");
    }
}

#[tokio::test]
async fn a_month_is_read_from_its_own_rows_however_many_others_there_are() {
    let deployment = Deployment::with_two_businesses(Options::default()).await;
    let mut owner = owner(&deployment).await;
    let mut visitor = Visitor::at(&deployment, 0).await;
    visitor.write("When is breakfast?").await;
    deployment.settle().await;
    deployment.shards[0]
        .with_connection(|connection| {
            connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
            let sql = "
                WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 20000)
                INSERT INTO conversation_numbers (conversation, business, site, day, began_at, answer_ms)
                SELECT 'cnv_' || n, ?1, ?2, 1000 + n % 300, 0, n FROM number";
            connection.execute(sql, [business_id(0).to_string(), site_id(0).to_string()]).unwrap();
            connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
            for sql in [
                edge::store::numbers::NUMBERS_LIVING,
                edge::store::numbers::NUMBERS_ANSWER_MEDIANS,
                edge::store::numbers::NUMBERS_PERSON_MEDIANS,
            ] {
                let mut explained = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
                let nulls = vec![rusqlite::types::Null; explained.parameter_count()];
                let steps: Vec<String> = explained
                    .query_map(rusqlite::params_from_iter(nulls), |row| row.get(3))
                    .unwrap()
                    .map(Result::unwrap)
                    .collect();
                let steps = steps.join("; ");
                let index = "USING COVERING INDEX conversation_numbers_day (business=? AND day>? AND day<?)";
                assert!(steps.contains(index), "{steps}");
            }
        })
        .unwrap();
    assert_eq!(numbers(&mut owner, "").await.total.conversations, exact(1));
}
