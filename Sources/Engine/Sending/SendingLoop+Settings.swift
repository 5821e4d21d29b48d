internal import Delivery

/// Other settings while mails are under way.
extension SendingLoop {
    /// Dialogues end as they began; what was not begun goes back, and is decided and composed anew.
    func adopt(_ change: SettingsChange) {
        settings = change.settings
        relay.adopt(change.settings, isOtherWay: change.isOtherWay, at: clock.now())
        guard !isStopping else { return }
        for mail in waiting.removeAll() + fresh.takeQueued() + fresh.takeHeld().map(\.mail) {
            note(mail, .unused)
        }
    }
}
