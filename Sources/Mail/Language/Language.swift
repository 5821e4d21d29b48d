/// A language that mails can have: its phrases, and what is made of them once.
final class Language: Sendable {
    let phrases: Phrases
    let frame: HTMLFrame

    init(_ phrases: Phrases) {
        self.phrases = phrases
        frame = HTMLFrame(phrases)
    }

    static let all = Phrases.all.map(Language.init)
    /// Serves where no other does.
    static let english = all.first ?? Language(.english)
}
