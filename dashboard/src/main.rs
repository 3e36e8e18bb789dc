//! The program that the browser starts: it exists because a library can't be started, and does nothing but `mount`.

fn main() {
    dashboard::mount();
}
