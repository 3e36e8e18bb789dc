//! People who sign in: their names and addresses stand nowhere in the clear, and erasing one of them holds against a
//! backup, while everybody else still opens.

use edge::ops::account::{account_contact, invitation_contact};
use edge::sealing::{KeyOwner, KeyScope};
use edge::store::key::condemn_owner;
use shared::time::MINUTE_MS;
use shared::wire::admin::team::{Role, Team};
use tests::{Deployment, NOW, Options, Person};

#[tokio::test]
async fn b4_an_account_is_noise_once_its_key_is_destroyed_and_every_other_one_opens() {
    let deployment = Deployment::new(Options::default());
    let (mut ada, mut eve) =
        (Person::new(&deployment, "ada@hotel.example"), Person::new(&deployment, "eve@inn.example"));
    ada.sign_up("Hôtel Ada").await;
    let business = eve.sign_up("Eve’s Inn").await;
    eve.invite(business, "guest@inn.example", Role::Viewer).await;
    let invited: Team = eve.send("GET", &format!("/v1/admin/businesses/{business}/team"), None).await.json();
    let (ada_id, eve_id) = (ada.me().await.account, eve.me().await.account);

    let path = std::env::temp_dir().join(format!("loquet-account-{}.sqlite", std::process::id()));
    let _ = std::fs::remove_file(&path);
    deployment.directory.copy_to(&path).unwrap();

    let condemned = condemn_owner(KeyScope::Accounts, &KeyOwner::Account(ada_id));
    deployment.directory.write(condemned).await.unwrap();
    // From then on nothing gets in under that key.
    let form = serde_json::json!({ "name": "Ada again", "locale": "en" });
    let late = ada.send("PUT", "/v1/admin/account", Some(form)).await;
    assert_eq!(late.status, http::StatusCode::INTERNAL_SERVER_ERROR);
    deployment.run_due("*/5 * * * *", NOW).await;
    deployment.clock.wind(NOW.plus_ms(2 * MINUTE_MS));
    assert!(account_contact(&deployment.app, ada_id).await.unwrap().is_none());

    let restored = edge::platform::Db::in_file(&path, &[]).unwrap();
    let backup =
        Deployment::over(Options::default(), restored, deployment.shards.clone(), deployment.keys.clone());
    assert!(account_contact(&backup.app, ada_id).await.unwrap().is_none(), "the backup opens the erased");
    let contact = account_contact(&backup.app, eve_id).await.unwrap().unwrap();
    assert_eq!(contact.email.expose(), "eve@inn.example");
    let guest = invitation_contact(&backup.app, invited.invitations[0].id).await.unwrap().unwrap();
    assert_eq!(guest.email.expose(), "guest@inn.example");
    std::fs::remove_file(&path).unwrap();
}

#[tokio::test]
async fn names_addresses_and_secrets_of_people_who_sign_in_stand_nowhere_in_the_clear() {
    let deployment = Deployment::new(Options::default());
    let mut ada = Person::new(&deployment, "canary7731@hotel.example");
    let business = ada.sign_up("Hôtel").await;
    let link = ada.invite(business, "canary8842@hotel.example", Role::Viewer).await;
    let form = serde_json::json!({ "name": "till", "scopes": ["team_read"], "days": 1 });
    let made = ada.send("POST", &format!("/v1/admin/businesses/{business}/tokens"), Some(form)).await;
    let made: shared::wire::admin::token::MadeApiToken = made.json();
    let mut secrets = vec![
        "canary7731".to_owned(),
        "canary8842".to_owned(),
        "Lovelace".to_owned(),
        ada.address.clone(),
        made.token.into_exposed(),
        link["token"].as_str().unwrap().to_owned(),
        ada.csrf.clone().unwrap(),
    ];
    secrets.extend(ada.cookies.values().cloned());
    let asked = ada.elsewhere().sign_in_ask().await;
    let folder = std::env::temp_dir().join(format!("loquet-people-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let mut places: Vec<Vec<u8>> =
        deployment.keys.dump().unwrap().0.into_iter().map(|(_, bytes)| bytes).collect();
    for (number, db) in deployment.shards.iter().chain([&deployment.directory]).enumerate() {
        let copy = folder.join(format!("{number}.sqlite"));
        let _ = std::fs::remove_file(&copy);
        db.copy_to(&copy).unwrap();
        places.push(std::fs::read(&copy).unwrap());
    }
    places.extend(edge::log::captured().into_iter().map(String::into_bytes));
    std::fs::remove_dir_all(&folder).unwrap();
    let digits = ada.digits(asked.code);
    for secret in secrets.iter().chain([&digits]) {
        for bytes in &places {
            let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} stands in the clear");
        }
    }
}

#[tokio::test]
async fn after_a_rotation_of_the_master_key_people_still_sign_in() {
    const OLD: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    const NEW: &str = "//79/Pv6+fj39vX08/Lx8O/u7ezr6uno5+bl5OPi4eA=";
    let with = |seed, variables: Vec<(&'static str, String)>, before: &Deployment| {
        let options = Options { variables, seed, ..Options::default() };
        Deployment::over(options, before.directory.clone(), before.shards.clone(), before.keys.clone())
    };
    let before =
        Deployment::new(Options { variables: vec![("MASTER_KEY", OLD.into())], ..Options::default() });
    Person::new(&before, "ada@hotel.example").sign_up("Hôtel Ada").await;
    let rotating = with(99, vec![("MASTER_KEY", NEW.into()), ("MASTER_KEY_PREVIOUS", OLD.into())], &before);
    Person::new(&rotating, "ada@hotel.example").sign_in().await;
    rotating.run_due("17 * * * *", NOW).await;
    let after = with(98, vec![("MASTER_KEY", NEW.into())], &before);
    let mut ada = Person::new(&after, "ada@hotel.example");
    ada.sign_in().await;
    assert_eq!(ada.me().await.email.expose(), "ada@hotel.example");
}
