/// What a mail says in one language besides what people wrote.
///
/// A language is a file that makes one of these and stands in ``all``. Nothing has a default, so that a
/// phrase that is missing does not compile; `PhrasesTests` finds what is empty, a form of a plural that the
/// language needs, and a template without its place.
struct Phrases: Sendable {
    /// BCP 47, as in HTML's `lang` and in Content-Language (RFC 3282).
    var tag: String
    var isRightToLeft = false
    var plurals: PluralRule
    var dates: DateStyle
    var sizes = SizeStyle()
    /// With the space before it, where there is one.
    var colon = ":"
    /// With the space behind it, where there is one.
    var comma = ", "

    // MARK: Subjects, where the conversation has none

    /// The brand.
    var subject: Template
    var subjectWithoutBrand: String
    /// To operators; the brand.
    var operatorSubject: Template
    var operatorSubjectWithoutBrand: String

    // MARK: Who writes

    /// An operator without a name, where the helpdesk has none either.
    var support: String
    /// A visitor without a name.
    var visitor: String
    /// The name that a visitor has chosen.
    var namedVisitor: Template

    // MARK: Replies

    /// A moment.
    var writtenAt: Template
    /// A page's address.
    var writtenFrom: Template
    var attachments: String
    var unnamedAttachment: String
    /// They could not be listed.
    var unlistedAttachments: String
    var moreAttachments: Plural
    /// The text was too long for a mail.
    var cut: String
    /// The same, with a link to the conversation further down.
    var cutWithLink: String

    // MARK: What to do

    var openConversation: String
    var openDashboard: String
    var howToReply: String
    var unsubscribe: String

    // MARK: Why one gets this

    /// The brand.
    var reason: Template
    var reasonWithoutBrand: String
    /// To operators; the brand.
    var operatorReason: Template
    var operatorReasonWithoutBrand: String

    /// The tags of ``all``.
    static var tags: [String] { all.map(\.tag) }

    /// English first: it serves where no other does.
    static let all: [Phrases] = [
        english, britishEnglish, german, french, spanish, portuguese, italian, dutch, polish,
        turkish, russian, ukrainian, arabic, hebrew, japanese, chinese, korean,
    ]
}
