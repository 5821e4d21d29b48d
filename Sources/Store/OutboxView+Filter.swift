internal import Delivery

/// What a filter asks for, and which rows it lets through.
extension OutboxView.Filter {
    /// The closed list: of pending rows, of skipped ones, of failed ones.
    package static let knownReasons: [String] =
        WaitReason.allCases.map(\.rawValue) + SkipReason.allCases.map(\.rawValue)
        + FailReason.allCases.map(\.rawValue)

    /// No state that is asked for can have one of the reasons.
    package var isImpossible: Bool { possibleStates.isEmpty }

    var possibleReasons: Set<String> { reasons.intersection(Self.knownReasons) }

    /// Of those that are asked for; empty also where reasons of other rows are.
    var waitReasons: Set<WaitReason> { Set(reasons.compactMap(WaitReason.init(rawValue:))) }

    /// The states that are asked for and can have one of the reasons.
    var possibleStates: Set<RowState> {
        let asked = states.isEmpty ? Set(RowState.allCases) : states
        guard !reasons.isEmpty else { return asked }
        var fitting: Set<RowState> = []
        for reason in reasons {
            if WaitReason(rawValue: reason) != nil { fitting.insert(.pending) }
            if SkipReason(rawValue: reason) != nil { fitting.insert(.skipped) }
            if FailReason(rawValue: reason) != nil { fitting.insert(.failed) }
        }
        return asked.intersection(fitting)
    }

    /// A row that is not ingested yet is pending, for one of these reasons.
    var takesNewRows: Bool {
        possibleStates.contains(.pending)
            && (reasons.isEmpty
                || !reasons.isDisjoint(
                    with: [.hold, .queued, .deferred, .paused, .restored].map(
                        \WaitReason.rawValue)))
    }

    var conditionsOnMails: (sql: [String], texts: [String]) {
        let all = [
            ("m.recipient = ?", normalizedRecipient), ("m.conversation_id = ?", conversationID),
            ("m.helpdesk_id = ?", helpdeskID),
            ("substr(m.recipient, instr(m.recipient, '@') + 1) = ?", domain),
        ].filter { $0.1 != nil }
        return (all.map(\.0), all.compactMap(\.1))
    }

    var textsOfNewRows: [String] { [helpdeskID, conversationID].compactMap(\.self) }

    func matches(_ row: OutboxView.Row) -> Bool {
        (states.isEmpty || states.contains(row.state))
            && (reasons.isEmpty || row.reason.map(reasons.contains) == true)
            && (helpdeskID == nil || helpdeskID == row.helpdeskID)
            && (conversationID == nil || conversationID == row.conversationID)
            && (normalizedRecipient == nil
                || normalizedRecipient == AddressText.normalized(row.recipientEmail))
            && matchesRest(row)
    }

    private func matchesRest(_ row: OutboxView.Row) -> Bool {
        if let ids, !ids.contains(row.id) { return false }
        if let since, row.createdAt < since { return false }
        if let until, row.createdAt > until { return false }
        if let domain, domain != OutboxView.Filter.domain(of: row.recipientEmail) { return false }
        if let error {
            let line = row.lastError?.line.lowercased()
            guard line?.contains(error.lowercased()) == true else { return false }
        }
        guard let messageID else { return true }
        let spellings = [messageID, "<\(messageID)>"]
        return spellings.contains(row.messageID)
            || row.emailMessageID.map(spellings.contains) == true
    }

    /// Lower-cased; empty where there is no @.
    package static func domain(of address: String) -> String {
        let address = AddressText.normalized(address)
        guard let at = address.lastIndex(of: "@") else { return "" }
        return String(address[address.index(after: at)...])
    }

    /// Every row, whatever has become of it, in the order of `outbox`.
    var takesAll: Bool {
        states.isEmpty && reasons.isEmpty && helpdeskID == nil && conversationID == nil
            && recipient == nil && domain == nil && error == nil
    }
}
