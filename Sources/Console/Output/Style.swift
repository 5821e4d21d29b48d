/// Colour for terminals that want it; text that goes elsewhere stays plain.
///
/// Escape what comes from outside before it gets here.
struct Style {
    /// SGR parameters (ECMA-48, 8.3.117), of those that every terminal has.
    enum Look: String {
        case bold = "1"
        /// What is of less interest.
        case dim = "2"
        /// Trouble.
        case red = "31"
        /// All is well.
        case green = "32"
    }

    let isOn: Bool

    /// - Parameter environment: `NO_COLOR` that is not empty (https://no-color.org) and a `TERM` that
    ///   is missing or `dumb` turn colour off.
    init(isTerminal: Bool, environment: [String: String]) {
        isOn =
            isTerminal && environment["NO_COLOR", default: ""].isEmpty
            && Self.obeysControls(environment)
    }

    func callAsFunction(_ text: String, _ look: Look) -> String {
        isOn && !text.isEmpty ? "\u{1B}[\(look.rawValue)m\(text)\u{1B}[0m" : text
    }

    /// The terminal understands more than text and line ends.
    static func obeysControls(_ environment: [String: String]) -> Bool {
        !["", "dumb"].contains(environment["TERM", default: ""])
    }
}
