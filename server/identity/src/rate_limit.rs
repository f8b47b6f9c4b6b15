//! Failed sign-ins, counted by login and network together, and by network.
//!
//! Counted by login alone, anybody could lock anybody out; counted whether they failed or not, an office behind one
//! address would lock itself out. A try is counted before its password is looked at, so that tries at the same moment
//! are all counted, and taken back when it was right.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use jiff::Timestamp;
use store::{Store, StoreError};

use crate::password;

/// A window of tries.
pub(crate) const WINDOW: Duration = Duration::from_mins(15);
/// Failures per login and network in a window. A person mistypes three times, not ten.
const PER_LOGIN: i64 = 10;
/// Failures per network in a window. An office shares one address.
const PER_NETWORK: i64 = 100;

/// A try that counts as failed until it says otherwise.
pub(crate) struct Try {
    login: String,
    network: String,
}

impl Try {
    /// Counts a try; `None` when too many have failed. A refused try writes nothing.
    pub(crate) async fn begin(
        store: &Store,
        login: &str,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Option<Self>, StoreError> {
        let network = network(address);
        let this = Self {
            // A fixed length, whatever somebody types as a login.
            login: format!("signin:{network}:{}", password::token_hash(login)),
            network: format!("signin:{network}"),
        };
        for (key, most) in this.limits() {
            if store.hits(key, WINDOW, now).await? >= most {
                return Ok(None);
            }
        }
        let mut is_refused = false;
        for (key, most) in this.limits() {
            is_refused |= store.hit(key, WINDOW, now).await? > most;
        }
        if is_refused {
            this.did_not_happen(store).await?;
            return Ok(None);
        }
        Ok(Some(this))
    }

    /// It was right: its login begins anew in this network, and the network is as it was.
    pub(crate) async fn succeeded(self, store: &Store) -> Result<(), StoreError> {
        store.clear(&self.login).await?;
        store.take_back(&self.network).await
    }

    /// It was not looked at after all.
    pub(crate) async fn did_not_happen(self, store: &Store) -> Result<(), StoreError> {
        store.take_back(&self.login).await?;
        store.take_back(&self.network).await
    }

    fn limits(&self) -> [(&str, i64); 2] {
        [(&self.login, PER_LOGIN), (&self.network, PER_NETWORK)]
    }
}

/// What one person or office has at least: an IPv4 address, or the 64 bits that providers give to everybody who
/// asks for IPv6 (RFC 6177).
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_of_one_customer_are_one_network() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("203.0.113.7"), "203.0.113.7");
        assert_eq!(of("::ffff:203.0.113.7"), "203.0.113.7");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(of("2001:db8:1:2:ffff::1"), of("2001:db8:1:2::1"));
        assert_ne!(of("2001:db8:1:3::1"), of("2001:db8:1:2::1"));
    }
}
