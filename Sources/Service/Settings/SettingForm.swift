internal import Delivery
internal import Hosts

/// How the text of a setting becomes a value, and what an error says is allowed.
struct SettingForm<Value: Sendable>: Sendable {
    /// The end of the sentence "must be …".
    let allowed: String
    /// All that is allowed, where that is a closed list.
    let words: [String]
    /// nil if the text is not allowed.
    let parse: @Sendable (String) -> Value?

    init(
        allowed: String, words: [String] = [], _ parse: @escaping @Sendable (String) -> Value?
    ) {
        self.allowed = allowed
        self.words = words
        self.parse = parse
    }
}

// A default of nil needs an optional value. The forms below are made of plain ones, since a closure that
// returns `String??` says "off" where "not allowed" was meant.

extension SettingForm {
    /// The same, for a setting without a default, or whose default depends on something else.
    func orNil() -> SettingForm<Value?> {
        SettingForm<Value?>(allowed: allowed, words: words) { text in
            guard let value = parse(text) else { return nil }
            return .some(value)
        }
    }

    /// The same, and a word for nil.
    func or(_ word: String) -> SettingForm<Value?> {
        SettingForm<Value?>(allowed: "\(word), or \(allowed)") { text in
            if text == word { return .some(nil) }
            guard let value = parse(text) else { return nil }
            return .some(value)
        }
    }
}

extension SettingForm where Value: RawRepresentable<String> & CaseIterable {
    /// One of the words.
    static var word: SettingForm {
        let words = Value.allCases.map(\.rawValue)
        return SettingForm(
            allowed: words.listed("or"), words: words, Value.init(rawValue:))
    }
}

extension SettingForm where Value == Int {
    static func count(_ range: ClosedRange<Int>) -> SettingForm {
        SettingForm(allowed: "\(range.lowerBound) to \(range.upperBound)") {
            PlainNumber.parse($0, in: range)
        }
    }
}

extension SettingForm where Value == Duration {
    static func duration(atLeast least: Duration) -> SettingForm {
        let allowed =
            "a duration such as 500ms, 60s, 5m, 1h30m or 2d, "
            + "from \(DurationText.format(least)) to \(DurationText.format(DurationText.longest))"
        return SettingForm(allowed: allowed) { text in
            DurationText.parse(text).flatMap { $0 >= least ? $0 : nil }
        }
    }
}

extension SettingForm where Value == Duration? {
    /// A duration that `0` and `off` turn off.
    static var durationOrOff: SettingForm {
        let zero = SettingForm<Duration>.duration(atLeast: .milliseconds(1)).or("0")
        return SettingForm(allowed: "off, \(zero.allowed)") { text in
            // `0h` is no time either.
            text == "off" || DurationText.parse(text) == .zero ? .some(nil) : zero.parse(text)
        }
    }
}

extension SettingForm where Value == RateLimit {
    static var rate: SettingForm {
        SettingForm(
            allowed: "a number from 1 to 1000000 with /s or /m, such as 50/s",
            RateLimit.init(parsing:))
    }
}

extension SettingForm where Value == String {
    static var text: SettingForm { SettingForm(allowed: "a text") { $0 } }
    static var path: SettingForm { path("the path of a file") }
    /// A file that another program writes to as well.
    static var sharedFile: SettingForm { path("the path of a file that the API server writes to") }

    /// SQLite's word for no file at all is a path nowhere.
    private static func path(_ allowed: String) -> SettingForm {
        SettingForm(allowed: allowed) { $0 == ":memory:" ? nil : $0 }
    }

    /// A header that mails do not have yet: printable ASCII without a colon (RFC 5322, section 3.6.8).
    static var headerName: SettingForm {
        let allowed =
            "the name of a header of the relay's own, such as Resend-Idempotency-Key, at most 60 characters"
        let taken = [
            "date", "from", "sender", "to", "cc", "bcc", "reply-to", "subject", "message-id",
            "in-reply-to", "references", "auto-submitted", "feedback-id", "received", "return-path",
            "x-auto-response-suppress", "dkim-signature", "errors-to", "importance", "priority",
            "disposition-notification-to", "return-receipt-to", "precedence", "comments",
            "keywords", "x-priority", "off",
        ]
        return SettingForm(allowed: allowed) { text in
            let name = text.lowercased()
            let isName =
                (1...60).contains(text.utf8.count)
                && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3A }
            let isTaken =
                taken.contains(name)
                || ["list-", "content-", "mime-", "resent-"].contains { name.hasPrefix($0) }
            return isName && !isTaken ? text : nil
        }
    }

    /// What EHLO may call us (RFC 5321, section 4.1.3).
    static var ehloName: SettingForm {
        let allowed =
            "a domain name in ASCII, or an address such as [192.0.2.1] or [IPv6:2001:db8::1]"
        return SettingForm(allowed: allowed) {
            HostSyntax.isDomainName($0) || HostSyntax.isAddressLiteral($0) ? $0 : nil
        }
    }
}

extension SettingForm where Value == ListenAddress {
    static var listenAddress: SettingForm {
        let allowed =
            "an address of this machine and a port, such as 127.0.0.1:9464 or [::1]:9464; 0.0.0.0 and "
            + "[::] stand for every interface"
        return SettingForm(allowed: allowed, ListenAddress.init(parsing:))
    }
}
