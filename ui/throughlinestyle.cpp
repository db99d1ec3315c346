// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/throughlinestyle.h"

#include "ui/icons.h"
#include "ui/palettes.h"
#include "ui/styledrawing.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>
#include <QVariant>

namespace throughline {

using namespace Qt::StringLiterals;

namespace {

constexpr char rankProperty[] = "throughlineRank";
constexpr int scrollBarExtent = 13;
constexpr int leastSlider = 28;
constexpr int leastTarget = 24;

ButtonRank rankOf(const QWidget *widget)
{
    return widget ? static_cast<ButtonRank>(widget->property(rankProperty).toInt()) : ButtonRank::Normal;
}

QRect scrollSlider(const QStyleOptionSlider &option)
{
    const bool horizontal = option.orientation == Qt::Horizontal;
    const int length = horizontal ? option.rect.width() : option.rect.height();
    const int range = option.maximum - option.minimum;
    int slider = length;
    if (range > 0) {
        slider = static_cast<int>(qint64(option.pageStep) * length / (qint64(range) + option.pageStep));
        slider = qBound(qMin(leastSlider, length), slider, length);
    }
    const int start = QStyle::sliderPositionFromValue(option.minimum, option.maximum, option.sliderPosition,
                                                      length - slider, option.upsideDown);
    return horizontal ? QRect(option.rect.x() + start, option.rect.y(), slider, option.rect.height())
                      : QRect(option.rect.x(), option.rect.y() + start, option.rect.width(), slider);
}

// Fusion reserves room for arrows; without these answers clicks would still hit them.
QRect scrollBarPart(const QStyleOptionSlider &option, QStyle::SubControl part)
{
    const QRect slider = scrollSlider(option);
    QRect rect = option.rect;
    const bool horizontal = option.orientation == Qt::Horizontal;
    switch (part) {
    case QStyle::SC_ScrollBarGroove:
        return rect;
    case QStyle::SC_ScrollBarSlider:
        return slider;
    case QStyle::SC_ScrollBarSubPage:
        horizontal ? rect.setRight(slider.left() - 1) : rect.setBottom(slider.top() - 1);
        return rect;
    case QStyle::SC_ScrollBarAddPage:
        horizontal ? rect.setLeft(slider.right() + 1) : rect.setTop(slider.bottom() + 1);
        return rect;
    default:
        return {};
    }
}

} // namespace

void setButtonRank(QAbstractButton *button, ButtonRank rank)
{
    button->setProperty(rankProperty, static_cast<int>(rank));
}

ThroughlineStyle::ThroughlineStyle()
    : QProxyStyle(QStyleFactory::create(u"fusion"_s))
{
}

int ThroughlineStyle::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_SplitterWidth:
        return 7;
    case PM_ScrollBarExtent:
        return scrollBarExtent;
    case PM_ScrollBarSliderMin:
        return leastSlider;
    case PM_ToolBarIconSize:
        return 20;
    case PM_ToolBarItemSpacing:
        return 4;
    case PM_ToolBarItemMargin:
        return 4;
    case PM_ToolBarFrameWidth:
        return 1;
    case PM_ButtonIconSize:
        return 16;
    case PM_ButtonMargin:
        return 14;
    case PM_MenuPanelWidth:
        return 1;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical:
        return 0;
    default:
        return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int ThroughlineStyle::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget,
                                QStyleHintReturn *returnData) const
{
    switch (hint) {
    case SH_ScrollBar_Transient:
        return 0;
    case SH_DialogButtonBox_ButtonsHaveIcons:
        return 0;
    case SH_DialogButtonLayout:
        // The way back left, the way on right.
        return QDialogButtonBox::GnomeLayout;
    case SH_EtchDisabledText:
        return 0;
    case SH_MessageBox_CenterButtons:
        return 0;
    default:
        return QProxyStyle::styleHint(hint, option, widget, returnData);
    }
}

QSize ThroughlineStyle::sizeFromContents(ContentsType type, const QStyleOption *option, const QSize &contents,
                                         const QWidget *widget) const
{
    QSize size = QProxyStyle::sizeFromContents(type, option, contents, widget);
    if (type == CT_PushButton) {
        // Fusion insists on 80 px, which makes "Edit" as wide as a sentence.
        const int margin = pixelMetric(PM_ButtonMargin, option, widget);
        size.setWidth(qMax(contents.width() + margin + 8, 46));
        size.setHeight(qMax(option->fontMetrics.height() + 9, leastTarget));
    }
    if (type == CT_LineEdit || type == CT_ComboBox)
        size.setHeight(qMax(option->fontMetrics.height() + 10, leastTarget));
    if (type == CT_ToolButton) {
        const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option);
        if (button && button->toolButtonStyle == Qt::ToolButtonTextBesideIcon)
            size.rwidth() += 8;
        size = size.expandedTo({leastTarget + 4, leastTarget + 4});
    }
    return size;
}

QRect ThroughlineStyle::subControlRect(ComplexControl control, const QStyleOptionComplex *option, SubControl subControl,
                                       const QWidget *widget) const
{
    if (control == CC_ScrollBar) {
        if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option))
            return visualRect(bar->direction, bar->rect, scrollBarPart(*bar, subControl));
    }
    if (control == CC_ComboBox && option->rect.isValid()) {
        const QRect rect = option->rect;
        constexpr int arrow = 22;
        if (subControl == SC_ComboBoxArrow)
            return visualRect(option->direction, rect, {rect.right() - arrow, rect.y(), arrow, rect.height()});
        if (subControl == SC_ComboBoxEditField)
            return visualRect(option->direction, rect, rect.adjusted(4, 2, -arrow - 1, -2));
    }
    return QProxyStyle::subControlRect(control, option, subControl, widget);
}

QRect ThroughlineStyle::subElementRect(SubElement element, const QStyleOption *option, const QWidget *widget) const
{
    const QRect rect = QProxyStyle::subElementRect(element, option, widget);
    if (element != SE_LineEditContents)
        return rect;
    const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option);
    return frame && frame->lineWidth > 0 ? rect.adjusted(4, 0, -4, 0) : rect;
}

void ThroughlineStyle::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter,
                                     const QWidget *widget) const
{
    const Colours &colours = coloursFor(option->palette);
    switch (element) {
    case PE_PanelLineEdit:
        // The editor inside a combo box must not frame itself a second time.
        if (widget && qobject_cast<const QComboBox *>(widget->parentWidget()))
            return;
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option))
            drawing::lineEdit(*painter, *frame, colours);
        return;
    case PE_FrameLineEdit:
        return;
    case PE_IndicatorCheckBox:
        return drawing::checkBox(*painter, *option, colours);
    case PE_PanelButtonCommand:
        return drawing::pushButton(*painter, *option, colours, rankOf(widget));
    case PE_PanelButtonTool:
        return drawing::toolButton(*painter, *option, colours);
    case PE_PanelScrollAreaCorner:
        return painter->fillRect(option->rect, colours.base);
    case PE_FrameStatusBarItem:
        return;
    case PE_PanelStatusBar:
    case PE_PanelMenuBar:
        return painter->fillRect(option->rect, colours.panel);
    case PE_Frame:
        return drawing::frame(*painter, *option, colours);
    case PE_FrameFocusRect:
        // Views mark their current entry themselves.
        if (qobject_cast<const QAbstractItemView *>(widget))
            return;
        return drawing::focusRing(*painter, option->rect, colours);
    case PE_IndicatorToolBarSeparator:
        return drawing::toolBarSeparator(*painter, *option, colours);
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

void ThroughlineStyle::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter,
                                   const QWidget *widget) const
{
    const Colours &colours = coloursFor(option->palette);
    switch (element) {
    case CE_ToolBar:
        painter->fillRect(option->rect, colours.panel);
        painter->fillRect(QRect(option->rect.bottomLeft(), QSize(option->rect.width(), 1)), colours.line);
        return;
    case CE_MenuBarEmptyArea:
        return painter->fillRect(option->rect, colours.panel);
    case CE_MenuBarItem:
        if (const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option))
            drawing::menuBarItem(*painter, *item, colours);
        return;
    case CE_MenuItem:
        return drawMenuItem(option, painter, widget);
    case CE_Splitter:
        return drawing::splitter(*painter, *option, colours);
    case CE_HeaderSection:
    case CE_HeaderEmptyArea:
        return drawing::headerSection(*painter, *option, colours);
    case CE_ToolButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionToolButton *>(option)) {
            QStyleOptionToolButton spaced = *button;
            if (spaced.toolButtonStyle == Qt::ToolButtonTextBesideIcon)
                spaced.text.prepend(u' ');
            QProxyStyle::drawControl(CE_ToolButtonLabel, &spaced, painter, widget);
        }
        return;
    case CE_PushButtonLabel:
        if (const auto *button = qstyleoption_cast<const QStyleOptionButton *>(option))
            drawButtonLabel(*button, painter, widget);
        return;
    default:
        QProxyStyle::drawControl(element, option, painter, widget);
    }
}

void ThroughlineStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex *option, QPainter *painter,
                                          const QWidget *widget) const
{
    const Colours &colours = coloursFor(option->palette);
    if (control == CC_ScrollBar) {
        if (const auto *bar = qstyleoption_cast<const QStyleOptionSlider *>(option)) {
            const QRect slider = visualRect(bar->direction, bar->rect, scrollSlider(*bar));
            return drawing::scrollBar(*painter, *bar, slider, colours);
        }
    }
    if (control == CC_ComboBox) {
        if (const auto *box = qstyleoption_cast<const QStyleOptionComboBox *>(option)) {
            const QRect arrow = subControlRect(control, option, SC_ComboBoxArrow, widget);
            return drawing::comboBox(*painter, *box, arrow, colours);
        }
    }
    QProxyStyle::drawComplexControl(control, option, painter, widget);
}

void ThroughlineStyle::drawButtonLabel(const QStyleOptionButton &option, QPainter *painter, const QWidget *widget) const
{
    QStyleOptionButton label = option;
    if (rankOf(widget) != ButtonRank::Normal && option.state.testFlag(State_Enabled))
        label.palette.setColor(QPalette::ButtonText, coloursFor(option.palette).onSolid);
    // Qt sets icon and text too near to each other.
    if (!label.icon.isNull() && !label.text.isEmpty())
        label.text.prepend(u' ');
    label.state.setFlag(State_HasFocus, false);
    QFont font = painter->font();
    font.setWeight(QFont::Medium);
    painter->save();
    painter->setFont(font);
    QProxyStyle::drawControl(CE_PushButtonLabel, &label, painter, widget);
    painter->restore();
}

void ThroughlineStyle::drawMenuItem(const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    const auto *item = qstyleoption_cast<const QStyleOptionMenuItem *>(option);
    if (!item)
        return;
    // Icons keep their ink on the marked entry, so it takes the light selection and not the solid one.
    QStyleOptionMenuItem quiet = *item;
    const Colours &colours = coloursFor(option->palette);
    quiet.palette.setColor(QPalette::Highlight, colours.selection);
    quiet.palette.setColor(QPalette::HighlightedText, colours.text);
    QProxyStyle::drawControl(CE_MenuItem, &quiet, painter, widget);
}

} // namespace throughline
