import Delivery
import Foundation
import TestSupport
import Testing

@testable import Mail

/// Another program's opinion: Python's email package parses what was composed, finds no defect and
/// reads back what went in.
@Suite struct PythonOracleTests {
    @Test func `Python reads random mails without a defect`() throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("outboxd-mail-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }

        var generator = SplitMix64(seed: 42)
        var expectations: [Expectation] = []
        for number in 0..<300 {
            let content = number == 0 ? try sampleMail() : try generator.mail()
            let mail = MailComposer.compose(content)
            try Data(mail.bytes).write(to: directory.appendingPathComponent("\(number).eml"))
            expectations.append(Expectation(content))
        }
        try JSONEncoder().encode(expectations).write(
            to: directory.appendingPathComponent("mails.json"))
        let output = try run(Self.script, directory.path)
        #expect(output == "300 mails read\n")
    }

    /// What went in, uncleaned: the script has the rules of its own.
    private struct Expectation: Encodable {
        let messageID: String
        let seconds: Int64
        let fromName: String?
        let fromAddress: String
        let toName: String?
        let toAddress: String
        let replyTo: String?
        let subject: String
        let inReplyTo: String?
        let texts: [String]

        init(_ content: MailContent) {
            messageID = content.messageID.description
            seconds = content.date.milliseconds / 1_000
            // Who that is stands in `AuthorTests`; here, that it is read as it was meant.
            let words = Letterhead(content, toASCII: { _ in nil }).words
            fromName = Author.from(
                content.replies.map(\.authorName), of: content.audience, brand: words.brand,
                words.ownDomains, words.language)
            fromAddress = content.from.address.description
            toName = content.to.name
            toAddress = content.to.address.description
            replyTo = content.replyTo?.description
            subject = content.subject ?? ""
            inReplyTo = content.inReplyTo
            texts = content.replies.map(\.text)
        }
    }

    private func run(_ script: String, _ argument: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, argument]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    private static let script = #"""
        import email, html, json, os, re, sys, unicodedata
        from email import errors, policy
        from email.header import decode_header, make_header
        from email.utils import parseaddr, parsedate_to_datetime
        from html.parser import HTMLParser

        strict = policy.strict + policy.default.clone(utf8=True, raise_on_defect=True)
        # Unicode's White_Space and the control characters: what becomes one space in a line.
        SPACE = (r"[\s\x00-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
                 r"\u115f\u1160\u180e\u2800\u3164\uffa0\U00013441\U00013442\U0001d159]+")

        NONCHARACTERS = '[\ufdd0-\ufdef' + ''.join(
            chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)) + ']'

        def one_line(text, limit):
            text = re.sub(NONCHARACTERS, '\ufffd', text)
            text = re.sub('[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]', '', re.sub(SPACE, ' ', text))
            text = re.sub(' +', ' ', text).strip(' ')
            return text if len(text) <= limit else text[:limit - 1].rstrip(' ') + '…'

        def plain(text):
            text = re.sub('\r\n?|[\x0b\x0c\x85\u2028\u2029]', '\n', text)
            text = re.sub('[\x00-\x08\x0b-\x1f\x7f-\x9f]', '', re.sub(NONCHARACTERS, '\ufffd', text))
            return text.rstrip(' \t\n').lstrip('\n')

        # Not `display_name` of the new parser: Python 3.11 keeps the white space between the encoded
        # words of a phrase, which RFC 2047, section 6.2 has readers drop.
        def display_name(raw, header):
            value = email.message_from_string(raw.decode('utf-8'))[header]
            return str(make_header(decode_header(parseaddr(value)[0])))

        TAGS = set('html head meta title style body table tr td div p strong span br a ul li hr pre h1 img'
                   .split())
        ATTRIBUTES = set('lang charset dir href name content style role class width height cellpadding '
                         'cellspacing border align bgcolor src alt'.split())

        # Looks differ in white space: lines are elements, and indentation does not break.
        def squeezed(text):
            return re.sub(r'[\s\xa0]+', '', text)

        class Reader(HTMLParser):
            def __init__(self):
                super().__init__(convert_charrefs=True)
                self.text, self.tags = '', set()
            def handle_starttag(self, tag, attributes):
                self.tags.add(tag)
                for name, value in attributes:
                    assert name in ATTRIBUTES, name
                    assert name != 'href' or value.startswith('https://'), value
            def handle_data(self, data):
                self.text += data

        def check(raw, want):
            # Header lines are UTF-8 where an address needs it (RFC 6532); the rest is ASCII.
            mail = email.message_from_string(raw.decode('utf-8'), policy=strict)
            assert not mail.defects, mail.defects
            for name in ('Date', 'From', 'To', 'Reply-To', 'Subject', 'Message-ID'):
                # RFC 6532 allows what Python still calls a defect.
                defects = [d for d in (mail[name].defects if mail[name] else ())
                           if not isinstance(d, errors.NonASCIILocalPartDefect)]
                assert not defects, (name, defects)
            assert mail['Message-ID'] == '<' + want['messageID'] + '>', mail['Message-ID']
            assert parsedate_to_datetime(mail['Date']).timestamp() == want['seconds'], mail['Date']
            for header, key in (('From', 'from'), ('To', 'to')):
                (box,) = mail[header].addresses
                name = one_line(want.get(key + 'Name') or '', 100)
                shown = display_name(raw, header)
                assert shown == name, (header, shown, name)
                local, _, domain = want[key + 'Address'].rpartition('@')
                if local.startswith('"'):
                    local = re.sub(r'\\(.)', r'\1', local[1:-1])
                assert (box.username, box.domain) == (local, domain), (box.username, local)
            if want.get('replyTo'):
                assert len(mail['Reply-To'].addresses) == 1
            subject = one_line(want['subject'], 250)
            if subject:
                expected = subject if subject[:3].lower() == 're:' else 'Re: ' + subject
                found = str(mail['Subject'])
                if expected.endswith('…') and found.endswith('…'):
                    # What is seen as one character is left out whole, and Python does not know what that is.
                    assert len(expected) - len(found) < 50 and expected.startswith(found[:-1]), (found, expected)
                else:
                    assert found == expected, (found, expected)
            anchor = mail['References'].split()[0]
            assert re.fullmatch(r'<conversation\.[0-9A-F]{32}@[a-z.]+>', anchor), anchor
            assert mail['In-Reply-To'] == mail['References'].split()[-1]
            if want.get('inReplyTo') == '<in@reply.test>':
                assert mail['In-Reply-To'] == '<in@reply.test>'
            assert mail.get_content_type() == 'multipart/alternative'
            text, page = mail.get_payload()
            for part, subtype in ((text, 'plain'), (page, 'html')):
                assert not part.defects, part.defects
                assert part.get_content_type() == 'text/' + subtype
                assert part['Content-Transfer-Encoding'] in ('quoted-printable', 'base64')
            shown = text.get_payload(decode=True).decode('utf-8').replace('\r\n', '\n')
            reader = Reader()
            reader.feed(page.get_payload(decode=True).decode('utf-8').replace('\r\n', '\n'))
            reader.close()
            assert reader.tags <= TAGS, reader.tags
            for reply in want['texts']:
                assert plain(reply) in shown, (plain(reply), shown)
                seen = re.sub(NONCHARACTERS, '\ufffd', plain(reply))
                assert squeezed(seen) in squeezed(reader.text), (seen, reader.text)

        directory = sys.argv[1]
        wanted = json.load(open(os.path.join(directory, 'mails.json'), encoding='utf-8'))
        for number, want in enumerate(wanted):
            raw = open(os.path.join(directory, f'{number}.eml'), 'rb').read()
            try:
                check(raw, want)
            except Exception as error:
                sys.exit(f'mail {number}: {type(error).__name__} {error}\n{raw.decode()[:1500]}')
        print(len(wanted), 'mails read')
        """#
}
