package import Delivery

/// A file that holds one secret, and nothing else.
package enum SecretFile {
    /// One line of UTF-8; editors and `echo` end it with a line end, which is cut off.
    package static func read(_ path: String, limit: Int) throws(BoundedFile.Failure) -> Secret {
        let bytes = try BoundedFile.read(path, limit: limit)
        guard let secret = secret(withoutLineEnd(bytes), limit: limit) else {
            throw BoundedFile.Failure(code: 0, text: "must hold \(form(limit))")
        }
        return secret
    }

    package static func readToken(_ path: String) throws(BoundedFile.Failure) -> Secret {
        let secret = try read(path, limit: BearerToken.longest)
        guard BearerToken.isValid(secret.revealed) else {
            throw BoundedFile.Failure(
                code: 0, text: "must hold an access token: ASCII without blanks")
        }
        return secret
    }

    package static let secretLimit = 4_096

    static func form(_ limit: Int) -> String { "one line of UTF-8 text, of 1 to \(limit) bytes" }

    static func secret(_ bytes: [UInt8], limit: Int) -> Secret? {
        let isOneLine = !bytes.contains { $0 == 0 || $0 == 0x0A || $0 == 0x0D }
        guard !bytes.isEmpty, bytes.count <= limit, isOneLine else { return nil }
        return String(validating: bytes, as: UTF8.self).map(Secret.init)
    }

    static func withoutLineEnd(_ bytes: [UInt8]) -> [UInt8] {
        guard bytes.last == 0x0A else { return bytes }
        let text = bytes.dropLast()
        return Array(text.last == 0x0D ? text.dropLast() : text)
    }
}
