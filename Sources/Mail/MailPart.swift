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
}
