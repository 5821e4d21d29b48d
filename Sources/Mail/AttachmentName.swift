internal import Delivery

/// What stands for a file in the list of attachments, and there is its link's text.
enum AttachmentName {
    private static let limit = 100
    /// An ending, and what stands before it: `Invoice…2.pdf.exe`.
    private static let keptEnd = 16

    /// One line of at most 100 characters, shortened in its middle: programs go by how it ends.
    ///
    /// Where there is no name, or one that reads like a link or an address and would show the reader one place and lead
    /// to another, what the link itself calls the file stands there; nil if it has no such name.
    static func shown(_ written: String?, url: WebURL?) -> String? {
        let name = written.flatMap { OneLine.seen($0, limit: limit, keepingEnd: keptEnd) }
        if let name, !AddressLook.isIn(fileName: name) { return name }
        return url.flatMap(fileName)
    }

    /// The end of its path, where that is the name of a file with an ending.
    private static func fileName(of url: WebURL) -> String? {
        guard let name = PercentCoding.decode(url.lastPathComponent),
            OneLine.clean(name, limit: limit) == name,
            !name.contains(where: { "/\\".contains($0) }),
            hasEnding(name), !AddressLook.isIn(fileName: name)
        else { return nil }
        return name
    }

    private static func hasEnding(_ name: String) -> Bool {
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return false }
        let ending = name[dot...].dropFirst()
        return (1...10).contains(ending.count)
            && ending.utf8.allSatisfy { ASCIISet.lettersAndDigits.contains($0) }
    }
}
