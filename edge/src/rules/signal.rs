//! What a browser says on its own: Global Privacy Control and Do Not Track count as a declined strip (promise B3).

/// The values of `Sec-GPC` and `DNT`, where the request had them.
pub fn opted_out(global_privacy_control: Option<&str>, do_not_track: Option<&str>) -> bool {
    [global_privacy_control, do_not_track].into_iter().flatten().any(|value| value.trim() == "1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_signal_opts_out_and_nothing_else_does() {
        assert!(opted_out(Some("1"), None));
        assert!(opted_out(None, Some(" 1 ")));
        assert!(opted_out(Some("0"), Some("1")));
        for neither in [(None, None), (Some("0"), Some("0")), (Some("true"), None), (Some(""), Some("null"))]
        {
            assert!(!opted_out(neither.0, neither.1), "{neither:?}");
        }
    }
}
