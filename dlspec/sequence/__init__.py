"""Course 5, Sequence Models.  By hand: x (n_x, m, T_x); in Keras: (m, T_x, n_x).

    recurrent              RNN, LSTM and GRU by hand, forward and backward           (week 1)
    recurrent_layers       the same in fast forms; both directions, stacks           (week 1)
    dinosaur_names         names made up letter by letter                            (week 1)
    language_model         words and characters: perplexity, sampling; poems         (week 1)
    jazz_improvisation     an LSTM that learns solos and plays its own               (week 1)
    jazz_grammar           notes as words about their chords, statistics             (week 1)
    word_vectors           similarity, analogies, debiasing                          (week 2)
    glove_files            words and vectors as one matrix; GloVe's files            (week 2)
    word_pairs             from text to words that meet: pairs, windows, counts      (week 2)
    embedding_losses       six losses of word vectors with gradients by hand         (week 2)
    embedding_epochs       negative sampling and GloVe: a loop, a fast form          (week 2)
    embeddings             learning word vectors: six methods                        (week 2)
    emojify                an emoji for a sentence: average of words, LSTM           (week 2)
    machine_translation    dates, with attention                                     (week 3)
    encoder_decoder        sentences and captions without attention                  (week 3)
    beam_search            the most probable sentence, and whose fault an error      (week 3)
    bleu                   how close a translation is to what people wrote           (week 3)
    trigger_word           clips made of pieces, and the network that hears a word   (week 3)
    ctc                    speech without alignments: loss, posteriors, decoders     (week 3)
    transformer            attention, masks, positions, encoder, decoder, training   (week 4)
    transformer_decoding   writing with a cache, attention by hand in NumPy          (week 4)
    ner                    names in texts: word pieces, labels, whole entities       (week 4)
    question_answering     where in a story the answer to a question stands          (week 4)

`language_model`, `jazz_improvisation`, `emojify`, `machine_translation`, `encoder_decoder`,
`trigger_word`, `ctc`, `transformer`, `transformer_decoding`, `ner` and `question_answering` use
Keras; the others are NumPy only.
"""
