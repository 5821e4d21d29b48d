/// The rules of a ``ScriptedRelay``.
struct RelayScript: Sendable {
    /// Each serves once.
    ///
    /// Asked first.
    var once: [RelayRule] = []
    var standing: [RelayRule] = []

    /// The reaction of the first rule that has one.
    mutating func reaction(to event: RelayEvent) -> RelayReaction {
        for (index, rule) in once.enumerated() {
            if let reaction = rule.react(event) {
                once.remove(at: index)
                return reaction
            }
        }
        for rule in standing {
            if let reaction = rule.react(event) { return reaction }
        }
        return .normal
    }
}
