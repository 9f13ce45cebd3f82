//! A prompt as the conversation that it is made of.

/// What was said, by whom. A prompt that is no conversation counts as one message of the user.
#[derive(Debug, Default)]
pub struct Conversation<'a> {
    /// What the system messages say.
    pub system: Vec<&'a str>,
    /// The message of the user before the last one.
    pub before: Option<&'a str>,
    /// The last message of the user.
    pub last: &'a str,
    /// What the assistant said before it.
    pub said: Vec<&'a str>,
}

impl<'a> Conversation<'a> {
    /// Reads a prompt that the template of the model has written.
    pub fn read(prompt: &'a str) -> Self {
        let mut conversation = Self::default();
        let mut any = false;
        let mut answered = Vec::new();
        for message in prompt.split("<|im_start|>") {
            let message = message.split("<|im_end|>").next().unwrap_or(message);
            let Some((role, text)) = message.split_once('\n') else {
                continue;
            };
            let text = text.split("# Tools").next().unwrap_or(text);
            match role {
                "user" => {
                    any = true;
                    let before = std::mem::replace(&mut conversation.last, text);
                    conversation.before = Some(before).filter(|text| !text.trim().is_empty());
                    conversation.said.append(&mut answered);
                }
                "assistant" => answered.push(text),
                "system" | "developer" => conversation.system.push(text),
                _ => {}
            }
        }
        if !any {
            conversation.last = prompt;
        }
        conversation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_apart() {
        let prompt = "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\nHello<|im_end|>\n<|im_start|>user\nA joke<|im_end|>\n<|im_start|>assistant\nWhy";
        let read = Conversation::read(prompt);
        assert_eq!((read.before, read.last), (Some("Hi"), "A joke"));
        assert_eq!((read.system, read.said), (vec!["Be kind."], vec!["Hello"]));
        assert_eq!(Conversation::read("Once upon").last, "Once upon");
    }
}
