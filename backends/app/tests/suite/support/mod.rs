//! What the scenarios stand on: a database, a node, a browser.

mod browser;
mod mariadb;
mod node;
mod stage;

pub(crate) use browser::{Browser, Reply};
pub(crate) use mariadb::Mariadb;
pub(crate) use node::{Node, program, wait_for};
pub(crate) use stage::Stage;

/// Makes every scenario named here a test with SQLite and a test with MariaDB.
macro_rules! with_each_database {
    ($($scenario:ident),* $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $scenario() {
                super::$scenario(&crate::support::Stage::sqlite());
            })*
        }
        mod mariadb {
            $(#[test]
            fn $scenario() {
                if let Some(stage) = crate::support::Stage::mariadb() {
                    super::$scenario(&stage);
                }
            })*
        }
    };
}
pub(crate) use with_each_database;
