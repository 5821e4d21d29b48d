/// A message as octets, with CRLF at the ends of its lines.
package protocol MessageOctets: Sendable {
    var data: [UInt8] { get }
}

extension MessageOctets {
    /// The whole message.
    package var text: String { String(decoding: data, as: UTF8.self) }

    /// The header fields in their order, unfolded, otherwise as they came (encoded words too).
    package var headers: [(name: String, value: String)] { MessageLines.headers(of: data) }

    /// The value of the first header field of that name, however its case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// What follows the empty line, as it was transferred.
    package var body: String {
        String(decoding: data[MessageLines.bodyStart(of: data)...], as: UTF8.self)
    }
}
