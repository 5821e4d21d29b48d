import Foundation

@testable import Mail

/// The column `attachments`: read as JSONSerialization reads it, and bounded.
enum AttachmentsTarget: FuzzTarget {
    static let name = "attachments"
    static let words = [
        "[", "]", "{", "}", ",", ":", "\"name\"", "\"url\"", "\"size\"", "null", "true", "\\u0000",
        "\\ud800",
        "\\n", "1e3", "-1", "1.5", "9223372036854775808", "https://x.test/", "{},", "\u{FEFF}",
        "\r\n", "\u{2028}",
        String(repeating: "{},", count: 20), String(repeating: "[", count: 300),
    ]

    static func check(_ input: [UInt8]) throws(Broken) {
        let text = String(decoding: input, as: UTF8.self)
        let list = AttachmentList(json: text)
        try checkBounds(list)
        let words = text.split { $0.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
        if text.utf8.allSatisfy({ $0 <= 0x20 }) || words == ["null"] {
            return try demand(list == .empty, "nothing is something")
        }
        // JSONDecoder looks at a value when it is asked for it: what JSONSerialization refuses may pass.
        guard
            let whole = try? JSONSerialization.jsonObject(
                with: Data(text.utf8), options: .fragmentsAllowed)
        else { return }
        guard let array = whole as? [Any] else {
            return try demand(list.isMalformed, "took what is no array")
        }
        let first = array.prefix(AttachmentList.maximumCount)
        guard first.allSatisfy({ $0 is [String: Any] }) else {
            return try demand(list.isMalformed, "took what is no object")
        }
        try demand(!list.isMalformed, "refused an array of objects")
        try demand(
            list.items.count + list.omitted == array.count, "\(list.items.count) of \(array.count)")
        // JSONSerialization loses a byte order mark at the start of a key or a value.
        guard !text.unicodeScalars.contains("\u{FEFF}") else { return }
        // JSON leaves open which of two values counts (RFC 8259, section 4).
        guard pairs(in: text) == keys(in: array) else { return }
        for (item, object) in zip(list.items, first.compactMap { $0 as? [String: Any] }) {
            try compare(item, object)
        }
    }

    /// Pairs of a key and a value, in all objects: colons outside of strings.
    private static func pairs(in json: String) -> Int {
        var (count, isQuoted, isEscaped) = (0, false, false)
        for octet in json.utf8 {
            switch octet {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = isQuoted
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: ":") where !isQuoted: count += 1
            default: continue
            }
        }
        return count
    }

    private static func keys(in value: Any) -> Int {
        switch value {
        case let array as [Any]: array.reduce(0) { $0 + keys(in: $1) }
        case let object as [String: Any]:
            object.count + object.values.reduce(0) { $0 + keys(in: $1) }
        default: 0
        }
    }

    private static func checkBounds(_ list: AttachmentList) throws(Broken) {
        try demand(list.items.count <= 50 && list.omitted >= 0, "\(list.items.count) items")
        for item in list.items {
            let name = (item.name ?? "x").unicodeScalars
            try demand(!name.isEmpty && name.count <= 100, "a name of \(name.count) characters")
            try demand(!name.contains(where: AddressGrammar.isControl), "a name with controls")
            try demand((item.url?.description.utf8.count ?? 0) <= 4_000, "a long link")
            try demand(item.size ?? 0 >= 0, "a size below nothing")
        }
    }

    private static func compare(_ item: Attachment, _ object: [String: Any]) throws(Broken) {
        // What is there and no text stands for a link that can't be used.
        let url = object["url"].flatMap { $0 is NSNull ? nil : $0 as? String ?? "" }
        let expected = Attachment(name: object["name"] as? String, url: url, size: item.size)
        try demand(item == expected, "\(item) is read of \(object)")
        guard let size = item.size else { return }
        let number = object["size"] as? NSNumber
        try demand(number.map { $0.int64Value == size } ?? false, "the size is \(size)")
    }
}
