# Ruby's opinion of a mail: its subject, its sender and both parts, as JSON.
require "json"
require "mail"

mail = Mail.new(STDIN.binmode.read)
abort mail.errors.inspect unless mail.errors.empty?
parts = mail.parts.map { |part| { type: part.mime_type, text: part.decoded } }
puts JSON.generate({ subject: mail.subject, from: mail[:from].decoded, parts: parts })
