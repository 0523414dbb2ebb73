//! The terminal: raw, on its other screen, drawn over and over, and put back as it was.

use std::collections::VecDeque;
use std::io::{self, BufWriter, Stdout, Write};
use std::time::Duration;

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, poll, read};
use crossterm::style::{Attribute, Color, Print, ResetColor, SetAttribute, SetForegroundColor};
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode, size,
};
use crossterm::{execute, queue};

use super::ear::{Ear, Line, Tone};
use super::words::Words;

/// Messages kept to be shown: more than any terminal has rows.
const KEPT: usize = 500;

/// The terminal, in use.
pub(super) struct Screen {
    out: BufWriter<Stdout>,
    colour: bool,
    last: VecDeque<Line>,
}

impl Screen {
    /// Takes the terminal.
    pub(super) fn open(words: &Words) -> io::Result<Self> {
        enable_raw_mode()?;
        // From here on it is put back whatever happens.
        let colour = std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
        let mut screen = Self {
            out: BufWriter::new(io::stdout()),
            colour,
            last: VecDeque::new(),
        };
        execute!(screen.out, EnterAlternateScreen, Hide, Print(words.waiting))?;
        Ok(screen)
    }

    /// Keeps a line to be shown.
    pub(super) fn push(&mut self, line: Line) {
        if self.last.len() == KEPT {
            self.last.pop_front();
        }
        self.last.push_back(line);
    }

    /// Whether `q`, escape or Ctrl-C has been pressed.
    pub(super) fn is_told_to_quit(&self) -> io::Result<bool> {
        while poll(Duration::ZERO)? {
            let Event::Key(key) = read()? else { continue };
            let control = key.modifiers.contains(KeyModifiers::CONTROL);
            let quits = match key.code {
                KeyCode::Char('q' | 'Q') | KeyCode::Esc => true,
                KeyCode::Char('c') => control,
                _ => false,
            };
            if quits && key.kind == KeyEventKind::Press {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Draws all.
    pub(super) fn draw(&mut self, ear: &Ear) -> io::Result<()> {
        let (width, height) = size()?;
        let (width, height) = (usize::from(width), usize::from(height));
        let head = ear.head();
        let mut rows: Vec<(Tone, String)> = head
            .into_iter()
            .flat_map(|(tone, text)| folded(&text, width).into_iter().map(move |row| (tone, row)))
            .collect();
        rows.truncate(height);
        let room = height - rows.len();
        let newest = self.last.iter().rev().take(room).rev();
        rows.extend(newest.map(|line| {
            let text = format!("{} {}", line.clock(), line.text);
            (line.tone, folded(&text, width).swap_remove(0))
        }));
        for (row, (tone, text)) in (0_u16..).zip(&rows) {
            queue!(self.out, MoveTo(0, row))?;
            self.set(*tone)?;
            queue!(
                self.out,
                Print(text),
                SetAttribute(Attribute::Reset),
                ResetColor,
                Clear(ClearType::UntilNewLine)
            )?;
        }
        if rows.len() < height {
            queue!(self.out, Clear(ClearType::FromCursorDown))?;
        }
        self.out.flush()
    }

    fn set(&mut self, tone: Tone) -> io::Result<()> {
        if tone == Tone::Head {
            queue!(self.out, SetAttribute(Attribute::Bold))?;
        }
        let colour = match tone {
            Tone::Plain | Tone::Head => return Ok(()),
            Tone::Own => Color::Green,
            Tone::Loud => Color::Yellow,
            Tone::Bad => Color::Red,
        };
        if self.colour {
            queue!(self.out, SetForegroundColor(colour))?;
        }
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // What cannot be put back cannot be told either.
        let _ = execute!(self.out, Show, LeaveAlternateScreen);
        let _ = disable_raw_mode();
    }
}

/// A text in rows of at most `width` columns, at least one row; Chinese characters take two columns.
fn folded(text: &str, width: usize) -> Vec<String> {
    let (mut rows, mut column) = (vec![String::new()], 0);
    for character in text.chars() {
        let columns = if matches!(character, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{FF60}') {
            2
        } else {
            1
        };
        if column + columns > width && column > 0 {
            rows.push(String::new());
            column = 0;
        }
        if let Some(row) = rows.last_mut() {
            row.push(character);
        }
        column += columns;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_fit_the_terminal() {
        for (text, width, wanted) in [
            ("", 5, vec![""]),
            ("abcdef", 5, vec!["abcde", "f"]),
            ("金門港", 5, vec!["金門", "港"]),
            ("a金門", 1, vec!["a", "金", "門"]),
        ] {
            assert_eq!(folded(text, width), wanted);
        }
    }
}
