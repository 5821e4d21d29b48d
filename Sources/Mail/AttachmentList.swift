import FoundationEssentials

/// What the column `attachments` holds: a JSON array of `{"name","url","size"}`.
package struct AttachmentList: Hashable, Sendable {
    /// The most that a mail lists of one reply.
    package static let maximumCount = 50
    /// The most octets of JSON that are read.
    package static let maximumLength = 262_144
    package static let empty = AttachmentList([])

    package let items: [Attachment]
    /// How many more there were than are listed.
    package let omitted: Int
    /// The column held something that is no such array, or too long a one; the mail then says that
    /// there are attachments and leaves the list to the conversation.
    package let isMalformed: Bool

    package init(_ attachments: [Attachment]) {
        items = Array(attachments.prefix(Self.maximumCount))
        omitted = attachments.count - items.count
        isMalformed = false
    }

    /// Reads the column.
    ///
    /// Nil, nothing and white space are an empty list.
    package init(json: String?) {
        guard let json, json.utf8.contains(where: { $0 > 0x20 }) else {
            self = .empty
            return
        }
        guard json.utf8.count <= Self.maximumLength,
            let entries = try? JSONDecoder().decode([Entry].self, from: Data(json.utf8))
        else {
            self.init(isMalformed: true)
            return
        }
        self.init(entries.map { Attachment(name: $0.name, url: $0.url, size: $0.size) })
    }

    private init(isMalformed: Bool) {
        items = []
        omitted = 0
        self.isMalformed = isMalformed
    }

    /// One object; what is missing or has another type than expected counts as not known.
    private struct Entry: Decodable {
        let name: String?
        let url: String?
        let size: Int64?

        private enum CodingKeys: CodingKey {
            case name, url, size
        }

        init(from decoder: any Decoder) throws {
            let object = try decoder.container(keyedBy: CodingKeys.self)
            name = try? object.decode(String.self, forKey: .name)
            url = try? object.decode(String.self, forKey: .url)
            size = try? object.decode(Int64.self, forKey: .size)
        }
    }
}
