/// A part of a mail, with LF at line ends.
protocol MailPart {
    func write(to writer: inout some PartWriter)
}

extension MailPart {
    /// As it is.
    var octets: [UInt8] {
        var octets: [UInt8] = []
        write(to: &octets)
        return octets
    }

    var size: PartSize {
        var size = PartSize()
        write(to: &size)
        return size
    }
}
