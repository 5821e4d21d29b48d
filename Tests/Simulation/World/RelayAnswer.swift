import Delivery

/// What a ``VirtualRelay`` does with a command.
enum RelayAnswer: Sendable {
    case reply(String, after: Duration = .zero)
    /// The connection ends without a reply.
    case close
    /// The connection stays, and nothing comes.
    case silence
    /// The message that ends here is accepted, and the client never hears of it.
    case acceptAndClose
    case acceptInSilence
}
