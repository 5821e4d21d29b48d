/// A line from a client, taken apart (RFC 5321, section 4.1.1).
struct RelayCommand {
    let verb: RelayEvent.Verb
    let line: String
    /// What follows the verb, and for MAIL and RCPT also FROM: and TO:.
    let argument: String
    /// The path and the parameters of MAIL and RCPT; nil if they are malformed.
    let path: (address: String, parameters: [String])?

    init(line: String) {
        self.line = line
        let (word, rest) = Self.split(line)
        switch word.uppercased() {
        case "MAIL":
            (verb, argument) =
                Self.stripping("FROM:", from: rest).map { (.mail, $0) } ?? (.other, rest)
        case "RCPT":
            (verb, argument) =
                Self.stripping("TO:", from: rest).map { (.rcpt, $0) } ?? (.other, rest)
        case "EHLO": (verb, argument) = (.ehlo, rest)
        case "HELO": (verb, argument) = (.helo, rest)
        case "STARTTLS": (verb, argument) = (.starttls, rest)
        case "AUTH": (verb, argument) = (.auth, rest)
        case "DATA": (verb, argument) = (.data, rest)
        case "RSET": (verb, argument) = (.rset, rest)
        case "NOOP": (verb, argument) = (.noop, rest)
        case "QUIT": (verb, argument) = (.quit, rest)
        default: (verb, argument) = (.other, rest)
        }
        path = verb == .mail || verb == .rcpt ? Self.path(in: argument) : nil
    }

    /// A further line of a command that takes several, such as a response of AUTH.
    init(continuing verb: RelayEvent.Verb, line: String) {
        self.verb = verb
        self.line = line
        argument = ""
        path = nil
    }

    /// What is no line of a client's: a connection, a final dot.
    init(_ verb: RelayEvent.Verb) {
        self.verb = verb
        line = ""
        argument = ""
        path = nil
    }

    private static func path(
        in argument: String
    ) -> (address: String, parameters: [String])? {
        let octets = Array(argument.utf8)
        guard octets.first == UInt8(ascii: "<"), !octets.contains(where: { $0 < 32 || $0 == 127 })
        else { return nil }
        var (isQuoted, isEscaped) = (false, false)
        for place in octets.indices.dropFirst() {
            let octet = octets[place]
            if isEscaped {
                isEscaped = false
            } else if octet == UInt8(ascii: "\\") {
                isEscaped = isQuoted
            } else if octet == UInt8(ascii: "\"") {
                isQuoted.toggle()
            } else if octet == UInt8(ascii: ">") && !isQuoted {
                return path(octets, closedAt: place)
            }
        }
        return nil
    }

    private static func path(
        _ octets: [UInt8], closedAt end: Int
    ) -> (address: String, parameters: [String])? {
        let rest = String(decoding: octets[(end + 1)...], as: UTF8.self)
        guard rest.isEmpty || rest.hasPrefix(" ") else { return nil }
        let address = String(decoding: octets[1..<end], as: UTF8.self)
        return (address, rest.split(separator: " ").map(String.init))
    }

    private static func split(_ line: String) -> (word: String, rest: String) {
        guard let space = line.utf8.firstIndex(of: UInt8(ascii: " ")) else { return (line, "") }
        return (String(line[..<space]), String(line[line.index(after: space)...]))
    }

    private static func stripping(_ keyword: String, from text: String) -> String? {
        let head = text.prefix(keyword.count)
        return head.uppercased() == keyword ? String(text.dropFirst(keyword.count)) : nil
    }
}
