//! Answers that the proxy makes by itself.

use super::Transaction;
use crate::exchange::{Buffer, Cause, Framing, Version};
use crate::http::h1;
use crate::http::reply::{self, After};
use crate::proxy::ErrorPage;
use crate::rule::Reply;
use crate::tcp::{Io, write_all};
use crate::time::Timer;

impl Transaction<'_> {
    /// Sends `reply`. True when the client's connection may be kept.
    pub(super) async fn answer(&mut self, io: &mut Io, timer: &Timer, reply: &Reply) -> bool {
        // A body that is still to come would be taken for the next request.
        let kept = self.client_keeps && self.skip_body();
        let after = match (kept, self.stream.request.version()) {
            (false, _) => After::Close,
            (true, Version::Http10) => After::KeepAnnounced,
            (true, Version::Http11) => After::Keep,
        };
        let page = if reply.error_page { self.error_page(reply.status) } else { None };
        let mut text = self.worker.scratch();
        let sent = page.as_ref().unwrap_or(reply);
        let closes = reply::write(sent, after, self.to_head, &mut text);
        self.apply_after_response_rules(&mut text);
        self.stream.outcome.status = reply.status;
        self.count_response(reply.status, None);
        if self.stream.outcome.cause == Cause::Local {
            self.count_both(|counters| &counters.intercepted);
        }
        let deadline = self.worker.deadline(self.client_timeout());
        let sent = write_all(io, &text, timer, deadline).await.is_ok();
        self.worker.give_back(text);
        if sent && !kept && self.stream.request.framing != Framing::Empty {
            self.linger(io, timer).await;
        }
        sent && kept && !closes
    }

    /// What the configuration has in the place of an error page.
    pub(super) fn error_page(&self, status: u16) -> Option<Reply> {
        let of_backend = self.backend.and_then(|(_, backend)| backend.error_pages.get(&status));
        Some(match of_backend.or_else(|| self.frontend.error_pages.get(&status))? {
            ErrorPage::Raw(page) => Reply { status, raw: Some(page.clone()), ..Reply::default() },
            ErrorPage::Made(answer) => answer.reply(&self.stream),
        })
    }

    /// Counts what of the body has come as used; true when that is all of it.
    fn skip_body(&mut self) -> bool {
        let buffered = self.stream.request.buffer.filled().len() as u64;
        match self.stream.request.framing {
            Framing::Empty => true,
            Framing::Length(n) if n <= buffered => {
                self.body_used = n as usize;
                true
            }
            _ => false,
        }
    }

    /// `http-after-response` applies to these answers too.
    fn apply_after_response_rules(&mut self, text: &mut Vec<u8>) {
        let backend = self.backend.map(|(_, backend)| &backend.http_after_response);
        let frontend = self.frontend;
        let rules = self.response_rules(backend, &frontend.http_after_response);
        if rules.iter().flatten().all(|rules| rules.is_empty()) {
            return;
        }
        let mut buffer = Buffer::take();
        if buffer.append(text) < text.len() {
            return;
        }
        self.stream.response.reset(buffer);
        let Ok(Some(length)) = h1::parse_response(&mut self.stream.response, self.to_head, false)
        else {
            return;
        };
        for rules in rules.into_iter().flatten() {
            let _ = rules.run(&mut self.stream);
        }
        let body = text.split_off(length);
        text.clear();
        self.stream.response.emit(text);
        text.extend_from_slice(&body);
    }

    /// Reads on for a moment after closing our half, so that a client that is still sending gets
    /// the answer and not a reset (RFC 9112, section 9.6).
    pub(super) async fn linger(&mut self, io: &mut Io, timer: &Timer) {
        let deadline = self.worker.deadline(Some(LINGER_MS));
        let mut buffer = Buffer::take();
        let mut left = LINGER_BYTES;
        let shut = timer.bound(deadline, |cx| io.poll_shutdown(cx)).await;
        while shut.is_ok() && left > 0 {
            buffer.clear();
            match timer.bound(deadline, |cx| io.poll_read(cx, &mut buffer)).await {
                Ok(Ok(n)) if n > 0 => left = left.saturating_sub(n),
                _ => return,
            }
        }
    }
}

/// How long a client that is still sending is listened to.
const LINGER_MS: u64 = 1_000;

/// And how much of it.
const LINGER_BYTES: usize = 1 << 20;
