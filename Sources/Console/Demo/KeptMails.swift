internal import Glibc
internal import Service

/// The directory that the demonstration leaves the received mails in.
struct KeptMails {
    /// Absolute.
    let path: String
    private let isNew: Bool

    /// Makes the directory where there is none.
    ///
    /// - Throws: ``Failure``: 65 where something is in it, or it is none; 74 where it can't be made.
    init(_ path: String) throws {
        self.path = FilePath.absolute(path)
        let name = Escaping.printable(self.path, limit: 4_096)
        if mkdir(path, 0o777) == 0 {
            isNew = true
            return
        }
        guard errno == EEXIST else {
            let why = SystemError.text(of: errno)
            throw Failure(
                "the directory \(name) can't be made: \(why); name another with --keep", .ioError)
        }
        isNew = false
        guard try Self.isEmpty(path, name) else {
            throw Failure(
                "\(name) is not empty; name a new or an empty directory with --keep", .dataError)
        }
    }

    /// - Returns: the names of the files, those of one mail one after the other.
    /// - Throws: ``Failure``
    func write(_ mails: [DemoSink.Mail]) throws -> [String] {
        var names: [String] = []
        for (index, mail) in mails.enumerated() {
            let name = Self.name(index + 1, mail)
            try write(mail.octets, to: name + ".eml", &names)
            if let html = mail.message.html {
                try write(Array(html.utf8), to: name + ".html", &names)
            }
        }
        return names
    }

    private func write(_ octets: [UInt8], to name: String, _ names: inout [String]) throws {
        // All in it was made up: who may look into the directory may read it.
        try FreshFile.write(octets, to: "\(path)/\(name)", mode: 0o666)
        names.append(name)
    }

    /// A directory of our own goes where nothing came of it.
    func removeIfEmpty() {
        if isNew { rmdir(path) }  // Refused where a file is in it.
    }

    /// Such as `2-ben-invoice-2041`.
    static func name(_ number: Int, _ mail: DemoSink.Mail) -> String {
        let recipient = mail.recipient.prefix { $0 != "@" }
        let subject = mail.message.header("Subject") ?? ""
        let words = words(recipient) + words(subject).drop { $0 == "re" }
        return ([String(number)] + words).joined(separator: "-")
    }

    /// Letters and digits alone, since anybody on the machine can send the server a mail.
    private static func words(_ text: some StringProtocol) -> [String] {
        text.prefix(60).lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }
            .map(String.init)
    }

    private static func isEmpty(_ path: String, _ name: String) throws -> Bool {
        guard let directory = opendir(path) else {
            throw errno == ENOTDIR
                ? Failure("\(name) is no directory; name another with --keep", .dataError)
                : Failure(
                    "\(name) can't be read: \(SystemError.text(of: errno)); name another with "
                        + "--keep", .ioError)
        }
        defer { closedir(directory) }
        while let entry = readdir(directory) {
            let first = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix(3)) }
            let dot = UInt8(ascii: ".")
            if first[0] == dot, first[1] == 0 || (first[1] == dot && first[2] == 0) { continue }
            return false
        }
        return true
    }
}
