package import Delivery

/// A file that holds one secret, and nothing else.
package enum SecretFile {
    package struct Failure: Error, Equatable {
        /// An error number, or 0 where the content is no secret.
        package var code: Int32
        /// The end of the sentence that begins with the file.
        package var text: String
    }

    /// One line of UTF-8; editors and `echo` end it with a line end, which is cut off.
    package static func read(_ path: String, limit: Int) throws(Failure) -> Secret {
        let bytes: [UInt8]
        do throws(BoundedFile.Failure) {
            bytes = try BoundedFile.read(path, limit: limit)
        } catch {
            throw Failure(code: error.code, text: error.text)
        }
        guard let secret = secret(withoutLineEnd(bytes), limit: limit) else {
            throw Failure(code: 0, text: "must hold \(form(limit))")
        }
        return secret
    }

    /// A token of RFC 6750, section 2.1: visible ASCII, which is what may go out in AUTH.
    package static func readToken(_ path: String) throws(Failure) -> Secret {
        let secret = try read(path, limit: tokenLimit)
        guard secret.revealed.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Failure(code: 0, text: "must hold an access token: ASCII without blanks")
        }
        return secret
    }

    /// Longer ones than a relay takes; tokens of 4 kB are seen.
    package static let tokenLimit = 16_384
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
