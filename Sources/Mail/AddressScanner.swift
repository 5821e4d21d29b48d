/// The grammar of ``EmailAddress``, over the bytes of a trimmed text.
struct AddressScanner {
    let bytes: [UInt8]

    private typealias Reason = InvalidAddress.Reason

    init(_ trimmed: String) {
        // Two octets over the limit are enough to see that it is too long.
        bytes = [UInt8](trimmed.utf8.prefix(EmailAddress.maximumLength + 2))
    }

    /// Checks everything; the number of octets before the @.
    ///
    /// What ``plainLocalPartLength(_:)`` takes it takes as well.
    func localPartLength() throws(InvalidAddress.Reason) -> Int {
        guard let first = bytes.first else { throw .empty }
        guard bytes.isFreeOfControls else { throw .control }
        guard bytes.count <= EmailAddress.maximumLength else { throw .tooLong }
        let end = first == 0x22 ? try quotedStringEnd() : try dotStringEnd()
        guard end < bytes.count, bytes[end] == 0x40 else {
            throw bytes.last == 0x3E ? .brackets : .noAt
        }
        guard end <= EmailAddress.maximumLocalPartLength else { throw .localPartTooLong }
        try checkDomain(bytes[(end + 1)...])
        return end
    }

    /// In one pass, of an address that is ASCII without quotes, as nearly all are; nil says nothing about others.
    static func plainLocalPartLength(_ octets: Span<UInt8>) -> Int? {
        guard octets.count <= EmailAddress.maximumLength else { return nil }
        let (atext, hostLabel) = (ASCIISet.atext, ASCIISet.hostLabel)
        var at: Int?
        // Of an atom before the @, of a label behind it.
        var start = 0
        for index in octets.indices {
            let octet = octets[index]
            if octet == 0x2E || octet == 0x40 && at == nil {
                guard isWhole(octets, start..<index, isLabel: at != nil) else { return nil }
                if octet == 0x40 { at = index }
                start = index + 1
            } else {
                guard at == nil ? atext.contains(octet) : hostLabel.contains(octet) else {
                    return nil
                }
            }
        }
        guard let at, at <= EmailAddress.maximumLocalPartLength,
            isWhole(octets, start..<octets.count, isLabel: true)
        else { return nil }
        return at
    }

    private static func isWhole(_ octets: Span<UInt8>, _ part: Range<Int>, isLabel: Bool) -> Bool {
        guard !part.isEmpty else { return false }
        guard isLabel else { return true }
        return part.count <= 63 && octets[part.lowerBound] != 0x2D
            && octets[part.upperBound - 1] != 0x2D
    }

    /// Dot-string, up to the @ or the end.
    private func dotStringEnd() throws(InvalidAddress.Reason) -> Int {
        let atext = ASCIISet.atext
        var previous = UInt8(ascii: ".")
        for (index, byte) in bytes.enumerated() {
            if byte == 0x40 {
                guard index > 0 else { throw .localPartEmpty }
                guard previous != 0x2E else { throw .localPartDots }
                return index
            }
            if byte == 0x2E {
                guard previous != 0x2E else { throw .localPartDots }
            } else if byte < 0x80, !atext.contains(byte) {
                throw bytes.last == 0x3E ? .brackets : .localPartCharacter
            }
            previous = byte
        }
        throw .noAt
    }

    /// Quoted-string (RFC 5321, section 4.1.2): the position after the closing quote.
    private func quotedStringEnd() throws(InvalidAddress.Reason) -> Int {
        var index = 1
        while index < bytes.count {
            switch bytes[index] {
            case 0x22: return index + 1
            case 0x5C:
                // quoted-pairSMTP takes ASCII only.
                guard index + 1 < bytes.count, bytes[index + 1] < 0x7F else { throw .quotedString }
                index += 2
            default: index += 1
            }
        }
        throw .quotedString
    }

    private func checkDomain(_ domain: ArraySlice<UInt8>) throws(InvalidAddress.Reason) {
        guard let first = domain.first else { throw .domainEmpty }
        guard first != 0x5B else { throw .addressLiteral }
        for label in domain.split(separator: 0x2E, omittingEmptySubsequences: false) {
            guard let first = label.first, let last = label.last else { throw .labelEmpty }
            guard label.count <= 63 else { throw .labelTooLong }
            guard first != 0x2D, last != 0x2D else { throw .labelHyphen }
            try checkCharacters(ofLabel: label)
        }
    }

    private func checkCharacters(ofLabel label: ArraySlice<UInt8>) throws(InvalidAddress.Reason) {
        let hostLabel = ASCIISet.hostLabel
        if label.allSatisfy({ hostLabel.contains($0) }) { return }
        for scalar in String(decoding: label, as: UTF8.self).unicodeScalars {
            let isAllowed =
                scalar.isASCII
                ? hostLabel.contains(UInt8(truncatingIfNeeded: scalar.value))
                : Self.mayStandInLabel(scalar)
            guard isAllowed else { throw .domainCharacter }
        }
    }

    /// Letters, marks and digits of any script, and what RFC 5892 (appendix A) allows besides;
    /// so no look-alike of a dot, at sign or space.
    private static func mayStandInLabel(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber,
            .otherNumber:
            true
        default:
            switch scalar.value {
            case 0xB7, 0x375, 0x5F3, 0x5F4, 0x200C, 0x200D, 0x30FB: true
            default: false
            }
        }
    }
}
