//! The public list of prices, as https://platform.openai.com/docs/pricing had it on 30 June 2026 for standard calls without a
//! cache, in US cents a million tokens. A server of one's own that is reached by the same names is priced like this one.

use crate::rules::prices::{ListPrice, PriceList};

/// The list.
pub(super) const LIST: PriceList = PriceList {
    listed_on: "2026-06-30",
    prices: &[
        ListPrice { model: "gpt-4.1", in_cents: 200, out_cents: 800 },
        ListPrice { model: "gpt-4.1-mini", in_cents: 40, out_cents: 160 },
        ListPrice { model: "gpt-4.1-nano", in_cents: 10, out_cents: 40 },
        ListPrice { model: "gpt-4o", in_cents: 250, out_cents: 1_000 },
        ListPrice { model: "gpt-4o-mini", in_cents: 15, out_cents: 60 },
        ListPrice { model: "gpt-5", in_cents: 125, out_cents: 1_000 },
        ListPrice { model: "gpt-5-mini", in_cents: 25, out_cents: 200 },
        ListPrice { model: "gpt-5-nano", in_cents: 5, out_cents: 40 },
    ],
};
