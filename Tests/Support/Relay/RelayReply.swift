/// A reply of the relay's own.
struct RelayReply {
    var code: Int
    /// The enhanced code, which goes out only where the relay offers such.
    var enhanced: String?
    /// Its lines joined by "\n".
    var text: String

    init(_ code: Int, _ enhanced: String, _ text: String) {
        self.code = code
        self.enhanced = enhanced
        self.text = text
    }

    init(_ code: Int, _ text: String) {
        self.code = code
        self.text = text
    }

    /// As transferred (RFC 5321, section 4.2).
    func octets(withEnhancedCode: Bool) -> [UInt8] {
        let code = String(code)
        let prefix = withEnhancedCode ? enhanced.map { $0 + " " } ?? "" : ""
        guard text.utf8.contains(10) else {
            return Array((code + " " + prefix + text + "\r\n").utf8)
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let first = lines.dropLast().map { code + "-" + prefix + $0 + "\r\n" }.joined()
        return Array((first + code + " " + prefix + lines[lines.count - 1] + "\r\n").utf8)
    }
}
