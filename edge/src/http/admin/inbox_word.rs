//! Canned replies, labels, saved views and settings of the inbox.

use axum::body::Body;
use axum::extract::{Path, State};
use http::StatusCode;
use http::request::Parts;
use shared::wire::admin::inbox::settings::{HandOff, Notifications};
use shared::wire::admin::inbox::words::{
    CannedReplies, CannedReply, Label, Labels, PutCannedReply, PutLabel, PutView, View, Views,
};

use crate::http::Edge;
use crate::http::access::{member, path_id};
use crate::http::body::{Json, json_read};
use crate::http::problem::ApiResult;
use crate::ops::desk_word;
use crate::rules::permission::Op;

macro_rules! words {
    ($list:ident, $add:ident, $change:ident, $delete:ident: $answer:ty, $one:ty, $put:ty, $make:expr, $write:expr,
     $list_op:path, $add_op:path, $change_op:path, $delete_op:path) => {
        /// Lists them.
        #[worker::send]
        pub async fn $list(
            State(edge): State<Edge>,
            Path(business): Path<String>,
            parts: Parts,
        ) -> ApiResult<Json<$answer>> {
            let scope = member(&edge, &parts, &business, Op::ConversationRead).await?;
            let list = $list_op(&edge.app, &scope).await;
            Ok(Json(list.map_err(|error| edge.problem(error))?))
        }

        /// Adds one.
        #[worker::send]
        pub async fn $add(
            State(edge): State<Edge>,
            Path(business): Path<String>,
            parts: Parts,
            body: Body,
        ) -> ApiResult<Json<$one>> {
            let scope = member(&edge, &parts, &business, $make).await?;
            let put: $put = json_read(&edge, body).await?;
            let added = $add_op(&edge.app, &scope, &put).await;
            Ok(Json(added.map_err(|error| edge.problem(error))?))
        }

        /// Changes one.
        #[worker::send]
        pub async fn $change(
            State(edge): State<Edge>,
            Path((business, id)): Path<(String, String)>,
            parts: Parts,
            body: Body,
        ) -> ApiResult<StatusCode> {
            let scope = member(&edge, &parts, &business, $write).await?;
            let id = path_id(&edge, &id)?;
            let put: $put = json_read(&edge, body).await?;
            let done = $change_op(&edge.app, &scope, id, &put).await;
            done.map_err(|error| edge.problem(error))?;
            Ok(StatusCode::NO_CONTENT)
        }

        /// Deletes one.
        #[worker::send]
        pub async fn $delete(
            State(edge): State<Edge>,
            Path((business, id)): Path<(String, String)>,
            parts: Parts,
        ) -> ApiResult<StatusCode> {
            let scope = member(&edge, &parts, &business, $write).await?;
            let id = path_id(&edge, &id)?;
            $delete_op(&edge.app, &scope, id).await.map_err(|error| edge.problem(error))?;
            Ok(StatusCode::NO_CONTENT)
        }
    };
}

words!(canned_replies_get, canned_reply_post, canned_reply_put, canned_reply_delete:
    CannedReplies, CannedReply, PutCannedReply, Op::InboxWrite, Op::InboxWrite,
    desk_word::canned_replies_list, desk_word::canned_reply_add, desk_word::canned_reply_change,
    desk_word::canned_reply_delete);

words!(labels_get, label_post, label_put, label_delete:
    Labels, Label, PutLabel, Op::LabelMake, Op::InboxWrite,
    desk_word::labels_list, desk_word::label_add, desk_word::label_change, desk_word::label_delete);

words!(views_get, view_post, view_put, view_delete:
    Views, View, PutView, Op::ViewWrite, Op::ViewWrite,
    desk_word::views_list, desk_word::view_add, desk_word::view_change, desk_word::view_delete);

/// When the machine hands over.
#[worker::send]
pub async fn hand_off_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<HandOff>> {
    let scope = member(&edge, &parts, &business, Op::ConversationRead).await?;
    let settings = desk_word::hand_off_read(&edge.app, &scope).await;
    Ok(Json(settings.map_err(|error| edge.problem(error))?))
}

/// Says when the machine hands over.
#[worker::send]
pub async fn hand_off_put(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::InboxWrite).await?;
    let settings: HandOff = json_read(&edge, body).await?;
    let done = desk_word::hand_off_change(&edge.app, &scope, &settings).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}

/// How the member hears of things.
#[worker::send]
pub async fn notifications_get(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
) -> ApiResult<Json<Notifications>> {
    let scope = member(&edge, &parts, &business, Op::ConversationRead).await?;
    let settings = desk_word::notifications_read(&edge.app, &scope).await;
    Ok(Json(settings.map_err(|error| edge.problem(error))?))
}

/// Says how the member hears of things.
#[worker::send]
pub async fn notifications_put(
    State(edge): State<Edge>,
    Path(business): Path<String>,
    parts: Parts,
    body: Body,
) -> ApiResult<StatusCode> {
    let scope = member(&edge, &parts, &business, Op::ConversationRead).await?;
    let settings: Notifications = json_read(&edge, body).await?;
    let done = desk_word::notifications_change(&edge.app, &scope, &settings).await;
    done.map_err(|error| edge.problem(error))?;
    Ok(StatusCode::NO_CONTENT)
}
