//! A worker that is stopped anywhere in the job that ends accounts and businesses, or whose calls fail there: the next runs
//! bring everybody to the same end, told once and with a receipt, or kept and told why.

use std::collections::BTreeSet;
use std::path::PathBuf;

use edge::ops::account::account_contact;
use edge::ops::deletion::{deletion_carry_out, deletion_remind, reminders_due};
use edge::platform::Db;
use edge::store::deletion::{deletions_due, deletions_to_remind};
use edge::store::scope::OperatorScope;
use http::StatusCode;
use shared::id::{AccountId, ConversationId};
use shared::limits::DELETIONS;
use shared::time::{DAY_MS, MINUTE_MS, Millis};
use shared::wire::admin::business::Business;
use shared::wire::admin::deletion::Deletion;
use shared::wire::admin::team::Role;
use tests::{Deployment, Options, Person, Trouble, Visitor, troubled};

const OFTEN: &str = "*/5 * * * *";

fn count(db: &Db, sql: &str) -> i64 {
    db.with_connection(|connection| connection.query_row(sql, [], |row| row.get(0)).unwrap()).unwrap()
}

fn mails(deployment: &Deployment, kind: &str) -> BTreeSet<String> {
    let sql = format!("SELECT id FROM mail WHERE kind = '{kind}'");
    deployment
        .directory
        .with_connection(|connection| {
            let mut found = connection.prepare(&sql).unwrap();
            let rows = found.query_map([], |row| row.get::<_, String>(0)).unwrap();
            rows.map(Result::unwrap).collect()
        })
        .unwrap()
}

/// What the job does, call by call: one deletion that fails stops no other.
async fn job(deployment: &Deployment, now: Millis) {
    let (app, operator) = (&deployment.app, OperatorScope::of_deployment());
    let (first, second) = reminders_due(now);
    let near = deletions_to_remind(&app.directory, &operator, first, second, DELETIONS).await;
    for row in near.unwrap_or_default() {
        let _ = deletion_remind(app, &operator, &row, now).await;
    }
    let due = deletions_due(&app.directory, &operator, now, DELETIONS).await;
    for row in due.unwrap_or_default() {
        let _ = deletion_carry_out(app, &operator, &row, now).await;
    }
}

/// What becomes of the one who asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// An account and its business go.
    Gone,
    /// Others joined the business meanwhile, so the account is kept.
    AccountKept,
    /// Others joined the business that was to go.
    BusinessKept,
}

/// A deployment in which somebody asked for their end, as files that are copied for each try.
struct Scene {
    end: End,
    files: Vec<PathBuf>,
    keys: edge::platform::Blobs,
    asker: AccountId,
    due_at: Millis,
    stays: (ConversationId, String),
}

fn path(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("loquet-leaving-{}-{name}.sqlite", std::process::id()))
}

/// Somebody with a business in whose chat somebody wrote.
async fn opened<'a>(
    deployment: &'a Deployment,
    email: &str,
    words: &str,
) -> (Person<'a>, shared::id::BusinessId, (ConversationId, String)) {
    let mut person = Person::new(deployment, email);
    let business = person.sign_up(email).await;
    let read: Business = person.send("GET", &format!("/v1/admin/businesses/{business}"), None).await.json();
    let mut visitor = Visitor::on(deployment, read.sites[0].id, "https://chat.example.eu").await;
    visitor.write(words).await;
    deployment.settle().await;
    (person, business, visitor.thread.clone().unwrap())
}

impl Scene {
    async fn of(end: End) -> Self {
        let deployment = Deployment::new(Options::default());
        let (mut ada, business, _) = opened(&deployment, "ada@hotel.example", "words of the gone").await;
        let (_, _, stays) = opened(&deployment, "eve@inn.example", "words of the survivor").await;
        let path_of = match end {
            End::BusinessKept => format!("/v1/admin/businesses/{business}/deletion"),
            End::Gone | End::AccountKept => "/v1/admin/account/deletion".to_owned(),
        };
        let asked: Deletion = ada.send("POST", &path_of, None).await.json();
        if end != End::Gone {
            let mut grace = Person::new(&deployment, "grace@hotel.example");
            let link = ada.invite(business, &grace.email, Role::Manager).await;
            assert_eq!(grace.join(link).await.status, StatusCode::OK);
        }
        let asker = ada.me().await.account;
        deployment.deliver().await;
        let mut files = Vec::new();
        for (number, db) in std::iter::once(&deployment.directory).chain(&deployment.shards).enumerate() {
            let file = path(&format!("{end:?}-{number}"));
            let _ = std::fs::remove_file(&file);
            db.copy_to(&file).unwrap();
            files.push(file);
        }
        let keys = deployment.keys.copy().unwrap();
        Self { end, files, keys, asker, due_at: asked.due_at, stays }
    }

    /// A copy of its own, so that what a try leaves does not help the next.
    fn copy(&self) -> Deployment {
        let mut databases: Vec<Db> = Vec::new();
        for (number, file) in self.files.iter().enumerate() {
            let to = path(&format!("{:?}-try-{number}", self.end));
            let _ = std::fs::remove_file(&to);
            std::fs::copy(file, &to).unwrap();
            databases.push(Db::in_file(&to, &[]).unwrap());
        }
        let directory = databases.remove(0);
        let options = Options { seed: 61, ..Options::default() };
        Deployment::over(options, directory, databases, self.keys.copy().unwrap())
    }

    /// Lets the job run at a time, in trouble after so many calls; then everything goes on until it has come to its end.
    /// `before` events of the cron have come already. Whether the trouble came.
    async fn tried(&self, before: i64, trouble: Trouble, calls: u32) -> bool {
        let when = format!("{:?} {trouble:?} after {calls} calls of event {before}", self.end);
        let deployment = self.copy();
        let mut told = BTreeSet::new();
        let mut receipts = BTreeSet::new();
        for event in 0..before {
            self.event(&deployment, event, &mut told, &mut receipts).await;
        }
        let now = self.due_at.plus_ms(before * 5 * MINUTE_MS);
        deployment.clock.wind(now);
        let came = troubled(trouble, calls, job(&deployment, now)).await;
        // Whoever was stopped holds an erasure for a quarter of an hour.
        for event in before + 1..before + 40 {
            self.event(&deployment, event, &mut told, &mut receipts).await;
            let open = "SELECT count(*) FROM deletion WHERE cancelled_at IS NULL AND done_at IS NULL";
            let under_way = "SELECT count(*) FROM erasure WHERE state <> 'receipted'";
            if count(&deployment.directory, open) + count(&deployment.directory, under_way) == 0 {
                break;
            }
        }
        deployment.deliver().await;
        self.assert_ended(&deployment, &told, &receipts, &when).await;
        came
    }

    async fn event(
        &self,
        deployment: &Deployment,
        event: i64,
        told: &mut BTreeSet<String>,
        receipts: &mut BTreeSet<String>,
    ) {
        let now = self.due_at.plus_ms(event * 5 * MINUTE_MS);
        deployment.clock.wind(now);
        deployment.run_due(OFTEN, now).await;
        // Rows of an account's mails go with it.
        told.append(&mut mails(deployment, "deletion_done"));
        receipts.append(&mut mails(deployment, "deletion_receipt"));
        deployment.deliver().await;
    }

    async fn assert_ended(
        &self,
        deployment: &Deployment,
        told: &BTreeSet<String>,
        receipts: &BTreeSet<String>,
        when: &str,
    ) {
        let directory = &deployment.directory;
        let contact = account_contact(&deployment.app, self.asker).await.unwrap();
        let audit = "SELECT count(*) FROM audit WHERE action = 'deletion_cancel'";
        let active = count(directory, "SELECT count(*) FROM business WHERE state = 'active'");
        let cancelled = "SELECT count(*) FROM deletion WHERE cancelled_at IS NOT NULL AND begun_at IS NULL";
        match self.end {
            End::Gone => {
                assert!(contact.is_none(), "{when}: the account is gone");
                assert_eq!(count(directory, "SELECT count(*) FROM business"), 1, "{when}: and its business");
                let done = "SELECT count(*) FROM deletion WHERE done_at IS NOT NULL";
                assert_eq!(count(directory, done), 2, "{when}: what stays shows that it was done");
                let states = "SELECT count(*) FROM erasure WHERE state = 'receipted'";
                assert_eq!(count(directory, states), 2, "{when}: once each");
                assert_eq!(count(directory, "SELECT count(*) FROM erasure"), 2, "{when}: once each");
                assert_eq!((told.len(), receipts.len()), (2, 2), "{when}: told of both, with a receipt");
            }
            End::AccountKept | End::BusinessKept => {
                assert!(contact.is_some() && active == 2, "{when}: everything is kept");
                assert_eq!(count(directory, cancelled), 1, "{when}: the deletion is cancelled");
                assert_eq!(count(directory, audit), 1, "{when}: and the log says so, once");
                assert!(told.is_empty() && receipts.is_empty(), "{when}: nobody is told that it happened");
                let letters = mails(deployment, "deletion_kept").len();
                assert_eq!(letters, usize::from(self.end == End::AccountKept), "{when}");
            }
        }
        let (conversation, token) = &self.stays;
        let path = format!("/v1/widget/conversations/{conversation}/messages");
        let answer = deployment.send("GET", &path, Some(token), None).await;
        // The token of the chat is long over; the words are there.
        assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{when}");
        let kept = format!("SELECT count(*) FROM message WHERE conversation = '{conversation}'");
        let rows: i64 = deployment.shards.iter().map(|shard| count(shard, &kept)).sum();
        assert!(rows > 0, "{when}: whoever stays has everything");
        assert_eq!(deployment.app.keyring.health().alarms, 0, "{when}");
    }

    /// Trouble at each call of each event, until none comes any more.
    async fn everywhere(&self, events: i64) {
        for trouble in Trouble::ALL {
            // Where the worker goes on, every third call of a long run is enough.
            let step = if trouble == Trouble::Stopped || events == 1 { 1 } else { 3 };
            let mut most = 0;
            for before in 0..events {
                for calls in (0..).step_by(step) {
                    if !self.tried(before, trouble, calls).await {
                        most = most.max(calls);
                        break;
                    }
                }
            }
            assert!(most > 3, "{:?} {trouble:?}: the job made {most} calls", self.end);
        }
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        for (number, file) in self.files.iter().enumerate() {
            let _ = std::fs::remove_file(file);
            let _ = std::fs::remove_file(path(&format!("{:?}-try-{number}", self.end)));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn p4_6_b4_a_worker_stopped_or_in_trouble_anywhere_ends_an_account_and_its_business_told_once_and_receipted()
 {
    Scene::of(End::Gone).await.everywhere(4).await;
}

#[tokio::test(start_paused = true)]
async fn k11_a_worker_stopped_or_in_trouble_anywhere_keeps_what_others_joined_and_tells_it_once() {
    for end in [End::AccountKept, End::BusinessKept] {
        Scene::of(end).await.everywhere(1).await;
    }
}

#[tokio::test(start_paused = true)]
async fn p4_1_a_worker_stopped_or_in_trouble_anywhere_reminds_at_seven_days_and_at_one_once_each() {
    let scene = Scene::of(End::Gone).await;
    for trouble in Trouble::ALL {
        for days in [7, 1] {
            for calls in 0.. {
                let deployment = scene.copy();
                if days == 1 {
                    job(&deployment, scene.due_at.minus_ms(7 * DAY_MS)).await;
                }
                let now = scene.due_at.minus_ms(days * DAY_MS);
                deployment.clock.wind(now);
                let came = troubled(trouble, calls, job(&deployment, now)).await;
                for minutes in [5, 10] {
                    job(&deployment, now.plus_ms(minutes * MINUTE_MS)).await;
                }
                let wanted = if days == 7 { 1 } else { 2 };
                let when = format!("{trouble:?} after {calls} calls, {days} days before");
                assert_eq!(mails(&deployment, "deletion_soon").len(), wanted, "{when}");
                if !came {
                    break;
                }
            }
        }
    }
}
