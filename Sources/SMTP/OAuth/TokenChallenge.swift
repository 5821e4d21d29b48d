import Delivery
internal import FoundationEssentials

/// What a relay says of a token that it refuses: the JSON in its 334 (RFC 7628, section 3.2.2; XOAUTH2
/// alike).
package struct TokenChallenge: Hashable, Sendable {
    private struct Fields: Decodable {
        var status: Field?
        var schemes: Field?
        var scope: Field?
    }

    /// A text, or as some relays write it a number.
    private struct Field: Decodable {
        var text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                text = "\(number)"
            } else {
                text = try container.decode(String.self)
            }
        }
    }

    /// `status 401, schemes bearer, scope https://mail.google.com/`; empty if the relay gave none.
    let details: String

    /// - Parameter text: the text of the 334: base64, cut where it was too long.
    init(_ text: String) {
        guard let data = Data(base64Encoded: text), data.count <= 4_096,
            let fields = try? JSONDecoder().decode(Fields.self, from: data)
        else {
            details = ""
            return
        }
        let named = [
            ("status", fields.status), ("schemes", fields.schemes), ("scope", fields.scope),
        ]
        details = named.compactMap { name, field in
            guard let text = field?.text, !text.isEmpty else { return nil }
            return "\(name) \(ReplyText.clean(text.utf8, limit: 100))"
        }.joined(separator: ", ")
    }

    /// In words, which `check` looks for.
    package static let refusal = "the relay says that the token is expired or wrong"

    var sentence: String { details.isEmpty ? Self.refusal : "\(Self.refusal): \(details)" }
}
