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

    /// What mails can't use of the column, one sentence each.
    ///
    /// No link is quoted: whoever has it can read the file.
    package static func faults(json: String?, toASCII: DomainToASCII = { _ in nil }) -> [String] {
        let list = AttachmentList(json: json, toASCII: toASCII)
        guard !list.isMalformed else {
            let isLong = (json?.utf8.count ?? 0) > maximumLength
            return [
                isLong
                    ? "attachments has more than \(maximumLength) octets, mails only say that there are some"
                    : "attachments is no JSON array of objects, mails only say that there are some"
            ]
        }
        return list.items.enumerated().filter(\.element.lacksURL).map { index, _ in
            "url of attachment \(index + 1) is no http or https link of at most "
                + "\(Attachment.maximumURLLength) octets, it is listed without"
        }
    }

    /// - Parameter more: How many there are besides.
    package init(_ attachments: [Attachment], more: Int = 0) {
        items = Array(attachments.prefix(Self.maximumCount))
        omitted = attachments.count - items.count + more
        isMalformed = false
    }

    /// Reads the column.
    ///
    /// Nil, nothing and white space are an empty list.
    package init(json: String?, toASCII: DomainToASCII = { _ in nil }) {
        let isNone = json.map { OneLine.trim($0) == "null" } ?? true
        guard let json, !isNone, json.utf8.contains(where: { $0 > 0x20 }) else {
            self = .empty
            return
        }
        guard json.utf8.count <= Self.maximumLength,
            let read = try? JSONDecoder().decode(Entries.self, from: Data(json.utf8))
        else {
            self.init(items: [], omitted: 0, isMalformed: true)
            return
        }
        self.init(
            items: read.first.map {
                Attachment(name: $0.name, url: $0.url, size: $0.size, toASCII: toASCII)
            },
            omitted: read.more, isMalformed: false)
    }

    private init(items: [Attachment], omitted: Int, isMalformed: Bool) {
        self.items = items
        self.omitted = omitted
        self.isMalformed = isMalformed
    }

    /// As many of them as take no more than so many octets of a text; the others count as omitted.
    func fitting(_ room: Int) -> AttachmentList {
        var left = room
        let fitting = items.prefix {
            left -= $0.octets
            return left >= 0
        }
        return AttachmentList(
            items: Array(fitting), omitted: omitted + items.count - fitting.count,
            isMalformed: isMalformed)
    }

    /// There are some, and the list is left to the conversation.
    var isUnlisted: Bool { isMalformed || (items.isEmpty && omitted > 0) }

    /// There is nothing to list.
    var isEmpty: Bool { items.isEmpty && omitted == 0 }

    /// What a file is called: several without a name are numbered, so that no two links say the same.
    func name(at index: Int, unnamed: String) -> String {
        if let name = items[index].name { return name }
        guard items.count(where: { $0.name == nil }) > 1 else { return unnamed }
        return "\(unnamed) \(items[...index].count { $0.name == nil })"
    }

    /// What the list takes in a text part.
    var octets: Int { items.reduce(0) { $0 + $1.octets } }

    /// The objects that are listed, and how many more there are: the rest of a list of a hundred thousand
    /// is not made into values.
    private struct Entries: Decodable {
        var first: [Entry] = []
        var more = 0

        init(from decoder: any Decoder) throws {
            var array = try decoder.unkeyedContainer()
            while !array.isAtEnd, first.count < AttachmentList.maximumCount {
                first.append(try array.decode(Entry.self))
            }
            more = (array.count ?? first.count) - first.count
        }
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
            let isNone = (try? object.decodeNil(forKey: .url)) ?? true
            // What is none stands for a link that can't be used.
            url = (try? object.decode(String.self, forKey: .url)) ?? (isNone ? nil : "")
            size = try? object.decode(Int64.self, forKey: .size)
        }
    }
}
