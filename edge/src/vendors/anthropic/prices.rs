//! The public list of prices, as https://platform.claude.com/docs/en/about-claude/pricing had it on 30 June 2026 for standard
//! calls without a cache, in US cents a million tokens.

use crate::rules::prices::{ListPrice, PriceList};

/// The list.
pub(super) const LIST: PriceList = PriceList {
    listed_on: "2026-06-30",
    prices: &[
        ListPrice { model: "claude-haiku-4-5", in_cents: 100, out_cents: 500 },
        ListPrice { model: "claude-sonnet-4", in_cents: 300, out_cents: 1_500 },
        ListPrice { model: "claude-sonnet-4-5", in_cents: 300, out_cents: 1_500 },
        ListPrice { model: "claude-opus-4-1", in_cents: 1_500, out_cents: 7_500 },
        ListPrice { model: "claude-opus-4-5", in_cents: 500, out_cents: 2_500 },
        ListPrice { model: "claude-3-5-haiku", in_cents: 80, out_cents: 400 },
    ],
};
